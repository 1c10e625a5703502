"""Work that needs more memory than the engine may use ends with words, not with DuckDB's own."""

from __future__ import annotations

from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joren.core.tables import TableSpec
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


def test_what_is_too_much_for_all_threads_is_written_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = DuckDB(scratch=tmp_path, memory="48MB", threads=2)
    columns = [f"n{number}" for number in range(20)]
    wide = TableSpec("wide", {"id": "int64"} | dict.fromkeys(columns, "int64"), sorted_by=("id",))
    drawn = ", ".join(f"(hash(i, {n}) >> 2)::BIGINT AS {name}" for n, name in enumerate(columns))
    alone: list[str] = []
    done = DuckDB._alone
    monkeypatch.setattr(DuckDB, "_alone", lambda self, it: (alone.append(it), done(self, it)))

    with engine.session() as holding:
        mixed = "SELECT (i * 2654435761) % 300000 AS id"
        name = holding.hold_sql(f"{mixed}, {drawn} FROM range(300000) AS numbers(i)")
        table = engine.ibis.table(name, database=("temp", "main"))
        files = engine.write(table, tmp_path / "out", wide)

    assert len(alone) == 1
    found = pa.concat_tables(pq.read_table(file, columns=["id"]) for file in files)
    assert found["id"].to_pylist() == list(range(300_000))
    assert engine.raw.sql("SELECT current_setting('threads')").fetchall() == [(2,)]


def test_an_engine_that_keeps_its_memory_keeps_to_its_budget_too(tmp_path: Path) -> None:
    engine = DuckDB(scratch=tmp_path, memory="20MB", threads=1, hoarding=True)

    with engine.session() as holding:
        for _ in range(3):
            name = holding.hold_sql("SELECT i, hash(i) AS mixed FROM range(2000000) AS numbers(i)")
            assert engine.raw.sql(f"SELECT sum(i) FROM {name}").fetchall() == [(1999999000000,)]
        with pytest.raises(MemoryUsedUp):
            holding.hold_sql(TOO_MUCH)

    (kept,) = engine.raw.sql("SELECT current_setting('block_allocator_memory')").fetchall()[0]
    assert kept == engine.raw.sql("SELECT current_setting('memory_limit')").fetchall()[0][0]
