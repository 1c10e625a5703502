"""A function of Arrow batches gets all rows, some at a time: its memory has a bound."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from joren.core.tables import TableSpec
from joren.warehouse import DuckDB, Holding
from joren.warehouse.engines import duckdb

DOUBLED = TableSpec("doubled", {"n": "int64", "of": "int64"})


@pytest.mark.parametrize("rows", [0, 1, 7, 14])
def test_all_rows_come_in_parts_that_have_a_bound(
    engine: DuckDB, holding: Holding, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(duckdb, "_AT_ONCE", 7)
    given = holding.take(pa.table({"n": pa.array(range(rows), pa.int64())}))
    sizes = []

    def doubled(batch: pa.RecordBatch) -> pa.RecordBatch:
        sizes.append(batch.num_rows)
        twice = pa.array([2 * n for n in batch["n"].to_pylist()], pa.int64())
        return pa.RecordBatch.from_arrays([batch["n"], twice], ["n", "of"])

    found = holding.reckon(given.order_by("n"), doubled, DOUBLED)

    assert engine.rows(found.order_by("n")) == [{"n": n, "of": 2 * n} for n in range(rows)]
    assert sum(sizes) == rows
    assert max(sizes, default=0) <= 7
    assert found.schema() == ibis.schema(dict(DOUBLED.columns))
