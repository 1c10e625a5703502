"""Questions about shifts: what a snapshot says, of whom, and of one customer."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from joren.collect.quality.contracts import Verdict
from joren.collect.quality.selectors import verdicts_in
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.understand.shifts.contracts import (
    CUSTOMER_SHIFTS,
    ROOM,
    CustomerShift,
    NoShiftsYet,
    ShiftReport,
)
from joren.warehouse import Snapshot

REPORT = "shifts"
_reports = TypeAdapter(ShiftReport)
_shifts = TypeAdapter(CustomerShift)


def shift_report(snapshot: Snapshot) -> ShiftReport:
    """What a snapshot says of shifts."""
    found = warehouse().snapshots.figure(snapshot.id, ROOM, REPORT, _reports.validate_python)
    if found is None:
        raise NoShiftsYet(f"the snapshot of {snapshot.as_of} holds no shifts", hint="joren refresh")
    return replace(found, verdicts=rests_on(snapshot))


def rests_on(snapshot: Snapshot) -> tuple[Verdict, ...]:
    """Whether the facts are enough to tell a shift: who ordered, and of which category."""
    return verdicts_in(warehouse(), snapshot, "orders", "category")


def shift_of(customer: CustomerId, snapshot: Snapshot) -> CustomerShift | None:
    """What is known of the customer's mix; None where that is too little."""
    house = warehouse()
    rows = house.questions.rows(
        ("shift_of", snapshot.id),
        lambda: house.snapshots.table(snapshot.id, CUSTOMER_SHIFTS).semi_join(
            house.questions.given("customer_id"), "customer_id"
        ),
        customer_id=[customer],
    )
    return _shifts.validate_python(rows[0]) if rows else None


def shifted(
    snapshot: Snapshot,
    *,
    shift_from: str | None = None,
    shift_to: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> tuple[CustomerShift, ...]:
    """Whose mix stands shifted, from and towards these categories, by customer id."""
    house = warehouse()
    table = house.snapshots.table(snapshot.id, CUSTOMER_SHIFTS)
    kept = table.filter(table.standing, table.customer_id > after)
    if shift_from is not None:
        kept = kept.filter(kept.shift_from == shift_from)
    if shift_to is not None:
        kept = kept.filter(kept.shift_to == shift_to)
    rows = house.engine.rows(kept.order_by("customer_id").limit(limit))
    return tuple(_shifts.validate_python(row) for row in rows)
