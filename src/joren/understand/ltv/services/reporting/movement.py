"""What moved since the snapshot before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from joren.core.figures import Figure
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import Change, Movement, NoSnapshot, ValueReport, reasons
from joren.understand.ltv.services.gathering import Refresh


def movement(refresh: Refresh, totals: Sequence[Figure]) -> Movement:
    """Each total now and then; a total that one of them does not know has no change."""
    if refresh.previous is None:
        return Movement("", (), reasons.FIRST_SNAPSHOT)
    day = refresh.previous.as_of.isoformat()
    try:
        report = selectors.report_in(refresh.warehouse, refresh.previous)
    except NoSnapshot as missing:
        return Movement(day, (), missing.message)
    if report.currency != refresh.currency:
        return Movement(day, (), reasons.OTHER_CURRENCY)
    return Movement(day, tuple(_change(now, report) for now in totals))


def _change(now: Figure, report: ValueReport) -> Change:
    before = report.total(now.name)
    if now.value is None or before.value is None:
        missing = now if now.value is None else before
        return Change(now.name, before, now, replace(missing, value=None, low=None, high=None))
    moved = Figure(now.name, now.value - before.value, now.unit, as_of=now.as_of, model=now.model)
    return Change(now.name, before, now, moved)
