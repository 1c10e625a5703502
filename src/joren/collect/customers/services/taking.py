"""A file of customers: who they are, in their own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path

import ibis
import ibis.expr.types as ir

from joren.collect.customers.contracts import CUSTOMER, Store
from joren.collect.customers.services.agreeing import AGREED
from joren.collect.customers.services.resolving import resolve_people
from joren.collect.life_stages.contracts import TOLD
from joren.warehouse.engines.duckdb import DuckDBHolding
from joren.warehouse.journal import Turn

_EXTRA = (
    "birthday", "gender", "acquisition_source", "language", "time_zone", "registered_at", *TOLD,
    *AGREED,
)  # fmt: skip


def prepare_customers(
    holding: DuckDBHolding, parts: Mapping[Store, Sequence[Path]], folder: Path, *, turn: Turn
) -> int:
    """Prepare in ``folder`` what ``keep_people`` keeps of these files; returns how many are new."""
    read = [_of_store(holding, store, paths) for store, paths in parts.items()]
    sightings = holding.hold(reduce(ir.Table.union, read))
    return resolve_people(holding, sightings, folder, extra=_EXTRA, turn=turn).new_customers


def _of_store(holding: DuckDBHolding, store: Store, paths: Sequence[Path]) -> ir.Table:
    rows = holding.engine.files(paths, CUSTOMER)
    return rows.mutate(
        sighting_id=rows.source_row, store_id=ibis.literal(int(store.id), type="int64")
    )
