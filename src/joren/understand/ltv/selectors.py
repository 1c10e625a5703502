"""Questions about what customers are worth, answered from snapshots."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.core.ids import CustomerId
from joren.understand.ltv.contracts import CUSTOMER_VALUES, NoSnapshot, ValueReport
from joren.warehouse import Snapshot, Warehouse

ROOM: Final = "ltv"


def value_report(warehouse: Warehouse, snapshot: Snapshot | None = None) -> ValueReport:
    """The value report of a snapshot, the newest if none is named."""
    return report_of(warehouse, snapshot or newest(warehouse))


def newest(warehouse: Warehouse) -> Snapshot:
    """The newest snapshot; an error before the first refresh."""
    found = warehouse.snapshots.latest()
    if found is None:
        raise NoSnapshot("nothing has been refreshed yet", hint="joren refresh")
    return found


def report_of(warehouse: Warehouse, snapshot: Snapshot) -> ValueReport:
    """The report that was written with that snapshot."""
    document = warehouse.snapshots.figures(snapshot.id).get((ROOM, "value"))
    if document is None:
        raise NoSnapshot(
            f"snapshot {snapshot.id} of {snapshot.as_of} has no value report", hint="joren refresh"
        )
    return _reader().validate_python(document)


def customer_values(warehouse: Warehouse, snapshot: Snapshot) -> ir.Table:
    """CUSTOMER_VALUES of a snapshot."""
    return warehouse.snapshots.table(snapshot.id, CUSTOMER_VALUES)


def value_of(
    warehouse: Warehouse, customer: CustomerId, snapshot: Snapshot | None = None
) -> dict[str, Any] | None:
    """One customer's row; None for somebody without a purchase."""
    table = customer_values(warehouse, snapshot or newest(warehouse))
    rows = warehouse.engine.rows(table.filter(table.customer_id == customer))
    return rows[0] if rows else None


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[ValueReport]:
    return TypeAdapter(ValueReport)
