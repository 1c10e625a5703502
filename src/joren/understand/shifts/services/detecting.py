"""The step of a refresh that finds customers whose mix of categories has changed."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.science.mix import bound
from joren.understand.ltv.services import Refresh
from joren.understand.shifts import rules, selectors
from joren.understand.shifts.contracts import (
    CUSTOMER_SHIFTS,
    LEVEL,
    MOST_FLOWS,
    ShiftFlow,
    ShiftReport,
)

_documents = TypeAdapter(ShiftReport)


def find_shifts(refresh: Refresh) -> dict[str, Any]:
    """Write CUSTOMER_SHIFTS of the snapshot; returns the room's documents."""
    house, holding = refresh.warehouse, refresh.holding
    windows = rules.in_windows(refresh.purchases, refresh.as_of)
    buyers = holding.hold(rules.buyers(windows))
    known = holding.hold(rules.counted(windows, buyers))
    rises = holding.reckon(rules.alike(known), rules.risen, rules.RISES)
    judged = holding.hold(rules.judged(known, rises))
    by_p = house.engine.arrow(rules.people_by_p(judged))
    found = bound(by_p["p"].to_numpy(), by_p["people"].to_numpy(), level=LEVEL)
    shifts = holding.hold(rules.dated(judged, _before(refresh), found, refresh.as_of))
    stored = shifts.order_by("customer_id")
    house.snapshots.write(refresh.snapshot_id, CUSTOMER_SHIFTS, stored, house.scratch)
    report = _report(
        refresh, windows, buyers, shifts, found, judged=int(by_p["people"].to_numpy().sum())
    )
    return {selectors.REPORT: _documents.dump_python(report, mode="json")}


def _before(refresh: Refresh) -> ir.Table | None:
    previous = refresh.previous
    if previous is None or previous.as_of > refresh.as_of:
        return None
    return refresh.warehouse.snapshots.table(previous.id, CUSTOMER_SHIFTS)


def _report(
    refresh: Refresh,
    windows: ir.Table,
    buyers: ir.Table,
    shifts: ir.Table,
    found: float,
    *,
    judged: int,
) -> ShiftReport:
    rows = refresh.warehouse.engine.rows
    nameless = windows.main_category.fill_null("") == ""
    (bought,) = rows(
        windows.agg(all=windows.count(), nameless=windows.count(where=nameless).fill_null(0))
    )
    (people,) = rows(buyers.agg(buyers=buyers.count()))
    flows = tuple(ShiftFlow(**row) for row in rows(rules.flows(shifts, refresh.as_of)))
    return ShiftReport(
        as_of=refresh.as_of,
        buyers=people["buyers"],
        judged=judged,
        shifted=sum(one.customers for one in flows),
        bound=found if found >= 0 else None,
        purchases=bought["all"],
        without_category=bought["nameless"],
        flows=flows[:MOST_FLOWS],
    )
