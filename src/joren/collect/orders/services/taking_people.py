"""A file of customers, under the same promise as the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from joren.collect.customers.contracts import Store
from joren.collect.customers.services import prepare_customers
from joren.collect.orders.contracts import Alongside, Taken
from joren.collect.orders.services.recovering import name_of, promise_and_keep, writing
from joren.warehouse import Warehouse


def take_customers(
    warehouse: Warehouse,
    parts: Mapping[Store, Sequence[Path]],
    *,
    import_id: int,
    alongside: Alongside | None = None,
) -> Taken:
    """Keep the people of Parquet files by store; counts rows."""
    rows = sum(pq.ParquetFile(path).metadata.num_rows for paths in parts.values() for path in paths)
    with writing(warehouse), warehouse.embedded.session() as holding:
        folder = warehouse.journal.prepare(name_of(import_id))
        new = min(prepare_customers(holding, parts, folder, turn=warehouse.journal.turn), rows)
        taken = Taken(new, 0, rows - new, 0)
        promise_and_keep(warehouse, folder, "customers", import_id, taken, alongside)
    return taken
