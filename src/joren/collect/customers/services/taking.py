"""A file of customers: who they are, in their own words."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from joren.collect.customers.contracts import Store
from joren.collect.customers.services.keeping import keep_people
from joren.collect.customers.services.resolving import resolve_people
from joren.warehouse import Warehouse

_EXTRA = ("birthday", "gender", "acquisition_source", "registered_at")


def take_customers(
    warehouse: Warehouse, rows: Path, *, import_id: int, store: Store
) -> tuple[int, int]:
    """Keep the people of a file of customers; returns how many are new and how many were known."""
    table = pq.read_table(rows)
    sightings = table.append_column("sighting_id", table["source_row"]).append_column(
        "store_id", pa.array([int(store.id)] * table.num_rows, pa.int64())
    )
    with warehouse.journal.lock():
        folder = warehouse.journal.prepare(f"import-{import_id:010d}")
        resolved = resolve_people(sightings, folder, extra=_EXTRA)
        warehouse.journal.promise(folder, {"kind": "customers", "import_id": import_id})
        keep_people(folder, import_id=import_id, replace=True)
        warehouse.journal.finish(folder)
    return resolved.new_customers, table.num_rows - resolved.new_customers
