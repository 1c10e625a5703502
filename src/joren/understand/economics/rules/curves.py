"""What a customer has brought by each month, when that pays the cost, and what may be paid.

A month is a twelfth of 365 days, rounded to a whole day, so that month 12 is day 365.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from joren.core.figures import Figure
from joren.understand.economics.contracts import HORIZON, CurvePoint

ENOUGH = 30
"""A month that fewer customers have reached says too little to end a payback."""

COVERAGE = 0.8
"""Profit is told where the cost is known of at least so much of the revenue."""


def days_of(month: int) -> int:
    """The day on which that month after the first purchase ends."""
    return (365 * month + 6) // 12


@dataclass(frozen=True)
class Payback:
    """``month`` None: not reached; ``until`` is how far one could look."""

    month: int | None
    until: int | None


def curve(
    parts: Iterable[Mapping[str, Any]], customers: Iterable[Mapping[str, Any]]
) -> tuple[CurvePoint, ...]:
    """Cumulative value per customer, month by month, each of those who have come so far."""
    rows, people = list(parts), list(customers)
    points = []
    for month in range(HORIZON + 1):
        n = sum(row["customers"] for row in people if row["mature"] >= month)
        if n == 0:
            break
        counted = [row for row in rows if row["step"] <= month <= row["mature"]]
        revenue, costed, profit = (
            sum(row[name] for row in counted) for name in ("revenue", "costed", "profit")
        )
        known = margin(revenue, costed, profit)
        points.append(
            CurvePoint(month, n, revenue / n, None if known is None else known * revenue / n)
        )
    return tuple(points)


def margin(revenue: int, costed: int, profit: int) -> float | None:
    """Profit over revenue where the cost is known; None where that is too little of the whole."""
    if revenue <= 0 or costed < COVERAGE * revenue:
        return None
    return profit / costed


def payback(points: Sequence[CurvePoint], cost: float) -> Payback:
    """The first month after which the profit per customer reaches the cost."""
    seen = [point for point in points if point.n >= ENOUGH and point.profit is not None]
    if not seen:
        return Payback(None, None)
    for point in seen:
        if point.profit is not None and point.profit >= cost:
            return Payback(point.month, seen[-1].month)
    return Payback(None, seen[-1].month)


def allowed_by_payback(points: Sequence[CurvePoint], months: int, like: Figure) -> Figure:
    """The cost that comes back within the months; unit and date are those of ``like``."""
    name = "allowed_cac_payback"
    for point in points:
        if point.month == months and point.n >= ENOUGH and point.profit is not None:
            model = f"payback in {months} months"
            return Figure(name, point.profit, like.unit, point.n, as_of=like.as_of, model=model)
    why = f"no {ENOUGH} customers with a known cost of goods have been here for {months} months"
    return Figure(name, None, like.unit, 0, as_of=like.as_of, why=why)


def allowed_by_ratio(first_year: Figure, ratio: float) -> Figure:
    """The cost of which the first year's profit is ``ratio`` times as much."""
    found = replace(first_year, name="allowed_cac_ratio")
    if first_year.value is None:
        return found
    low, high = (None if x is None else x / ratio for x in (first_year.low, first_year.high))
    return replace(
        found, value=first_year.value / ratio, low=low, high=high, model=f"LTV:CAC {ratio:g}"
    )
