from __future__ import annotations

from pathlib import Path

import pytest

from joren.warehouse import DuckDB


@pytest.fixture
def engine(tmp_path: Path) -> DuckDB:
    return DuckDB(scratch=tmp_path / "spill", memory="500MB", threads=2)
