from __future__ import annotations

from pathlib import Path

import pytest

from joren.warehouse import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(scratch=tmp_path / "spill", memory="500MB", threads=2)
