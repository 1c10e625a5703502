"""Typed rows of an order file for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from joren.collect.orders.contracts import ORDER_LINE

_USUAL = {
    "ordered_at": datetime(2026, 11, 22, 3, tzinfo=UTC),
    "status": "completed",
    "currency": "JPY",
    "quantity": 1,
    "unit_price": 1000,
}


def lines_file(folder: Path, *rows: dict[str, Any]) -> Path:
    """A Parquet file of ORDER_LINE with these rows, each over the usual values."""
    schema = ibis.schema(dict(ORDER_LINE.columns)).to_pyarrow()
    full = [{"source_row": place + 1, **_USUAL, **row} for place, row in enumerate(rows)]
    # A name of its own: what an engine remembers of a file it may ask of one that is as old.
    path = folder / f"lines-{uuid4().hex}.parquet"
    pq.write_table(pa.Table.from_pylist(full, schema=schema), path)
    return path
