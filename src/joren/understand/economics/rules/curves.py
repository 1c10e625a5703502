"""What a customer has brought by each month, when that pays the cost, and what may be paid.

A month is a twelfth of 365 days, rounded to a whole day, so that month 12 is day 365.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from joren.core.figures import Figure
from joren.understand.economics.contracts import HORIZON, CurvePoint, reasons

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
    """Cumulative value per customer, month by month.

    What each month adds is averaged over those for whom it has passed, and then added up. So the
    curve does not fall where better customers are too young to be counted further on.
    """
    people = list(customers)
    by_step: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in parts:
        by_step[row["step"]].append(row)
    points = []
    revenue = profit = 0.0
    so_far = _Money(0, 0, 0, 0)
    for month in range(HORIZON + 1):
        n = sum(row["customers"] for row in people if row["mature"] >= month)
        if n == 0:
            break
        added = _Money.of(by_step[month])
        so_far += added
        known = so_far.goods_margin
        revenue += added.revenue / n
        profit += added.profit_with(known or 0.0) / n
        points.append(CurvePoint(month, n, revenue, None if known is None else profit))
    return tuple(points)


@dataclass(frozen=True)
class _Money:
    """Revenue, the part of it whose cost is known, and the profit of that part less all messages.

    What messages cost is known of all revenue: no margin stands for it.
    """

    revenue: int
    costed: int
    profit: int
    message_cost: int

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> _Money:
        names = ("revenue", "costed", "profit", "message_cost")
        return sum((cls(*(row[name] for name in names)) for row in rows), cls(0, 0, 0, 0))

    def __add__(self, other: _Money) -> _Money:
        return _Money(
            self.revenue + other.revenue,
            self.costed + other.costed,
            self.profit + other.profit,
            self.message_cost + other.message_cost,
        )

    @property
    def goods_margin(self) -> float | None:
        return margin(self.revenue, self.costed, self.profit + self.message_cost)

    def profit_with(self, margin: float) -> float:
        """The known profit, and the margin of what came before for the rest."""
        return self.profit + margin * (self.revenue - self.costed)


def margin(revenue: int, costed: int, profit: int, message_cost: int = 0) -> float | None:
    """Profit over revenue where the cost is known; None where that is too little of the whole.

    ``message_cost`` was spent for all revenue, and is not in ``profit``.
    """
    if revenue <= 0 or costed < COVERAGE * revenue:
        return None
    return profit / costed - message_cost / revenue


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
            model = reasons.PAYBACK_WITHIN.format(months)
            return Figure(name, point.profit, like.unit, point.n, as_of=like.as_of, model=model)
    why = reasons.NONE_SO_LONG.format(ENOUGH, months)
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
