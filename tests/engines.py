"""An engine that all tests of expressions share: it keeps nothing between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from joren.warehouse import DuckDB, Engine, Holding


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> DuckDB:
    return DuckDB(scratch=tmp_path_factory.mktemp("spill"), memory="1GB", threads=1)


@pytest.fixture(scope="session")
def holding(engine: Engine) -> Iterator[Holding]:
    with engine.session() as session:
        yield session
