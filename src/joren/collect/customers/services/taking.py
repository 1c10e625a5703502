"""A file of customers: who they are, in their own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from joren.collect.customers.contracts import Store
from joren.collect.customers.services.resolving import resolve_people

_EXTRA = ("birthday", "gender", "acquisition_source", "registered_at")


def prepare_customers(parts: Mapping[Store, Sequence[Path]], folder: Path) -> int:
    """Prepare in ``folder`` what ``keep_people`` keeps of these files; returns how many are new."""
    sightings = pa.concat_tables(
        _of_store(path, store) for store, paths in parts.items() for path in paths
    )
    return resolve_people(sightings, folder, extra=_EXTRA).new_customers


def _of_store(path: Path, store: Store) -> pa.Table:
    table = pq.read_table(path)
    stores = pa.array([int(store.id)] * table.num_rows, pa.int64())
    return table.append_column("sighting_id", table["source_row"]).append_column("store_id", stores)
