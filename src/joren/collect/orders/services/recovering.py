"""Promised work, kept: the same few steps after a promise and after a crash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from joren.collect.customers.services import forget_people, keep_people
from joren.collect.orders.contracts import (
    AD_SPEND,
    KEEPERS,
    LAST_STEPS,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    RATES,
    REFUNDS,
    SUPERSEDED,
    UNDO,
    Alongside,
    Taken,
)
from joren.warehouse import Warehouse
from joren.warehouse.compaction import leave_out
from joren.warehouse.journal import Turn

KEPT: Final = (ORDER_LINES, PRODUCTS, AD_SPEND, RATES, REFUNDS, SUPERSEDED, ORDERS)
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


@contextmanager
def writing(warehouse: Warehouse) -> Iterator[None]:
    """Take facts or people in, for minutes: whatever was promised is finished before."""
    with warehouse.journal.long_lock():
        with warehouse.journal.turn():
            # First what was promised: it may hold the same people under ids of their own.
            recover(warehouse)
        yield


def name_of(import_id: int) -> str:
    """What an import's work is called in the journal."""
    return f"import-{import_id:010d}"


def promise_and_keep(
    warehouse: Warehouse,
    folder: Path,
    kind: str,
    import_id: int,
    taken: Taken,
    alongside: Alongside | None,
) -> None:
    """The last steps of each verb. What upper rooms lay alongside stands or falls with the rest."""
    if alongside is not None:
        alongside(folder, taken)
    plan = {"kind": kind, "import_id": import_id}
    warehouse.journal.promise(folder, plan)
    keep(warehouse, folder, plan, turn=warehouse.journal.turn)


def keep(
    warehouse: Warehouse, folder: Path, plan: Mapping[str, Any], *, turn: Turn = nullcontext
) -> None:
    """Carry a promise out; every step may be repeated.

    Whoever has the warehouse for long says how a ``turn`` is taken, and lets live events in.
    """
    if plan["kind"] in KEEPERS:
        KEEPERS[plan["kind"]](warehouse, folder, plan)
    else:
        _keep_own(warehouse, folder, plan, turn)
    warehouse.journal.finish(folder)


def _keep_own(warehouse: Warehouse, folder: Path, plan: Mapping[str, Any], turn: Turn) -> None:
    import_id = int(plan["import_id"])
    if plan["kind"] == UNDO:
        _keep_undo(warehouse, folder, import_id)
    else:
        _keep_import(warehouse, folder, plan, import_id, turn)
    for step in LAST_STEPS.values():
        step(folder, import_id)


def _keep_import(
    warehouse: Warehouse, folder: Path, plan: Mapping[str, Any], import_id: int, turn: Turn
) -> None:
    if (folder / "people.parquet").exists():
        keep_people(folder, import_id=import_id, replace=plan["kind"] == "customers", turn=turn)
    for spec in KEPT:
        files = sorted((folder / spec.name).glob("*.parquet"))
        if files:
            warehouse.lake.append(spec, files, key=f"import-{import_id}")


def _keep_undo(warehouse: Warehouse, folder: Path, import_id: int) -> None:
    """Its rows go, and what it replaced is no longer listed as replaced; then its people."""
    files = sorted((folder / SUPERSEDED.name).glob("*.parquet"))
    with warehouse.engine.session() as holding:
        own = holding.take(pa.table({"import_id": pa.array([import_id], pa.int64())}))
        for spec in reversed(KEPT):
            unwanted = own if spec is not SUPERSEDED else warehouse.engine.files(files, SUPERSEDED)
            leave_out(warehouse.lake, warehouse.engine, spec, unwanted, warehouse.scratch)
    forget_people(import_id)
