"""An import taken back: its orders go, and those that it replaced are as they were before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import ibis.expr.types as ir

from joren.collect.orders.contracts import (
    ORDERS,
    SUPERSEDED,
    UNDO,
    ReplacedSince,
    VersionsGone,
)
from joren.collect.orders.services.recovering import keep
from joren.warehouse import Holding, Warehouse
from joren.warehouse.lake import LONGEST_READ_HOURS


def take_back(
    warehouse: Warehouse,
    import_id: int,
    *,
    updated: bool,
    age: timedelta,
    alongside: Callable[[Path], None],
) -> None:
    """Undo the newest import under a promise of its own; call with the journal's lock held.

    ``updated`` says whether it replaced orders, ``age`` how long ago it ended.
    """
    with warehouse.engine.session() as holding:
        restored = _restored(warehouse, holding, import_id)
        _refuse_what_is_gone(warehouse, restored, updated=updated, age=age)
        folder = warehouse.journal.prepare(f"undo-{import_id:010d}")
        warehouse.engine.write(restored, folder / SUPERSEDED.name, SUPERSEDED)
    alongside(folder)
    plan = {"kind": UNDO, "import_id": import_id}
    warehouse.journal.promise(folder, plan)
    keep(warehouse, folder, plan)


def _restored(warehouse: Warehouse, holding: Holding, import_id: int) -> ir.Table:
    """The versions that this import replaced: of each of its orders the newest on the list."""
    listed = warehouse.facts(SUPERSEDED)
    since = listed.filter(listed.import_id == import_id)
    (row,) = warehouse.engine.rows(since.agg(orders=since.count()))
    if row["orders"]:
        raise ReplacedSince(
            f"{row['orders']:,} orders of import {import_id} were replaced since",
            hint="take the later import back first",
        )
    orders = warehouse.facts(ORDERS)
    own = orders.filter(orders.import_id == import_id).select("order_id")
    older = listed.semi_join(own, "order_id")
    return holding.hold(older.group_by("order_id").agg(import_id=older.import_id.max()))


def _refuse_what_is_gone(
    warehouse: Warehouse, restored: ir.Table, *, updated: bool, age: timedelta
) -> None:
    """Compaction removes the versions first and the list of them after the longest read."""
    gone = restored.anti_join(warehouse.facts(ORDERS), ["order_id", "import_id"])
    there = bool(warehouse.engine.rows(restored.limit(1)))
    forgotten = updated and not there and age > timedelta(hours=LONGEST_READ_HOURS)
    if forgotten or warehouse.engine.rows(gone.limit(1)):
        raise VersionsGone(
            "the versions that this import replaced were removed when the warehouse was compacted",
            hint="import the file again that the orders were in before",
        )
