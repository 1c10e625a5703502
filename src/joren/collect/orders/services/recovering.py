"""Promised work, kept: the same few steps after a promise and after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from joren.collect.customers.services import keep_people
from joren.collect.orders.contracts import (
    AD_SPEND,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    REFUNDS,
    SUPERSEDED,
    Taken,
)
from joren.warehouse import Warehouse

KEPT: Final = (ORDER_LINES, PRODUCTS, AD_SPEND, REFUNDS, SUPERSEDED, ORDERS)
"""In this order: lines wait unseen for their orders, which come last."""


def recover(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    """Finish what was promised, throw away what was not; call with the journal's lock held.

    Returns the plans that were finished.
    """
    finished = []
    for folder, plan in warehouse.journal.promised():
        keep(warehouse, folder, plan)
        finished.append(plan)
    warehouse.journal.discard_unpromised()
    return finished


def name_of(import_id: int) -> str:
    """What an import's work is called in the journal."""
    return f"import-{import_id:010d}"


def promise_and_keep(
    warehouse: Warehouse, folder: Path, kind: str, import_id: int, taken: Taken
) -> None:
    """The last steps of each verb. The plan says what became of the rows, for after a crash."""
    plan = {"kind": kind, "import_id": import_id, "taken": asdict(taken)}
    warehouse.journal.promise(folder, plan)
    keep(warehouse, folder, plan)


def taken_of(warehouse: Warehouse, import_id: int) -> Taken | None:
    """What an import took, if its promise was kept and nobody has asked yet; else None."""
    plan = warehouse.journal.kept(name_of(import_id))
    return Taken(**plan["taken"]) if plan else None


def forget_taken(warehouse: Warehouse, import_id: int) -> None:
    """Whoever asked has written it down."""
    warehouse.journal.forget(name_of(import_id))


def keep(warehouse: Warehouse, folder: Path, plan: Mapping[str, Any]) -> None:
    """Carry a promise out; every step may be repeated."""
    import_id = int(plan["import_id"])
    if (folder / "people.parquet").exists():
        keep_people(folder, import_id=import_id, replace=plan["kind"] == "customers")
    for spec in KEPT:
        files = sorted((folder / spec.name).glob("*.parquet"))
        if files:
            warehouse.lake.append(spec, files, key=f"import-{import_id}")
    warehouse.journal.finish(folder)
