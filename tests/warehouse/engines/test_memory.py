"""Work that needs more memory than the engine may use ends with words, not with DuckDB's own."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from joren.warehouse.engines.duckdb import DuckDB, MemoryUsedUp

TOO_MUCH = "SELECT list(i) AS every FROM range(4000000) AS numbers(i)"


def test_memory_that_does_not_suffice_is_named_with_the_way_out(tmp_path: Path) -> None:
    engine = DuckDB(scratch=tmp_path, memory="20MB", threads=1)
    too_much = engine.ibis.sql(TOO_MUCH, schema=ibis.schema({"every": "array<int64>"}))
    with engine.session() as holding:
        with pytest.raises(MemoryUsedUp, match="the 20MB that the engine may use") as refused:
            holding.hold_sql(TOO_MUCH)
        with pytest.raises(MemoryUsedUp):
            holding.hold(too_much)
        with pytest.raises(MemoryUsedUp):
            engine.arrow(too_much)

        assert "JOREN_MEMORY" in (refused.value.hint or "")
        assert holding.hold_sql("SELECT 1 AS still")
