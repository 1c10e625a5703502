"""Typed rows of an order file for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from joren.collect.orders.contracts import ORDER_ROWS, SHARED
from joren.core.tables import TableSpec

_USUAL = {
    "ordered_at": datetime(2026, 11, 22, 3, tzinfo=UTC),
    "status": "completed",
    "currency": "JPY",
    "quantity": 1,
    "unit_price": 1000,
}


def lines_file(folder: Path, *rows: dict[str, Any]) -> Path:
    """A folder as the door takes it, with these rows of ORDER_LINE, each over the usual values."""
    full = [{"source_row": place + 1, **_USUAL, **row} for place, row in enumerate(rows)]
    # A name of its own: what an engine remembers of a file it may ask of one that is as old.
    path = folder / f"lines-{uuid4().hex}"
    path.mkdir()
    for key, spec in SHARED.items():
        told = [{name: row.get(name) for name in spec.columns if name != key} for row in full]
        different = [one for place, one in enumerate(told) if one not in told[:place]]
        for row, one in zip(full, told, strict=True):
            row[key] = different.index(one)
        _write(path / f"{key}.parquet", spec, [{key: n, **d} for n, d in enumerate(different)])
    _write(path / "rows.parquet", ORDER_ROWS, full)
    return path


def _write(path: Path, spec: TableSpec, rows: list[dict[str, Any]]) -> None:
    schema = ibis.schema(dict(spec.columns)).to_pyarrow()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
