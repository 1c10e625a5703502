"""Few rows into a Parquet file: no engine is needed for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from joren.core.tables import TableSpec


def write_rows(rows: Sequence[Mapping[str, Any]], folder: Path, spec: TableSpec) -> list[Path]:
    """Write few rows, given as dictionaries, as one Parquet file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"part-{uuid4().hex}.parquet"
    schema = ibis.schema(dict(spec.columns)).to_pyarrow()
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    order = [(name, "ascending") for name in spec.sorted_by]
    pq.write_table(table.sort_by(order) if order else table, path)
    return [path]
