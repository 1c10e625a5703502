"""Every cut-off from one pass over the days; science chooses, and says what it would have told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.core.beside import beside
from joren.science.arrays import Floats, Indices
from joren.science.clv.candidates import Candidate
from joren.science.clv.choosing import Choice, choose
from joren.science.clv.origins import (
    Customer,
    Foretold,
    Mark,
    Origin,
    foretold,
    origin_of,
    refitted,
    thin,
)
from joren.science.clv.spend_choosing import SpendMark, SpendOrigin, choose_spend, mean_of
from joren.science.totals import Window, dispersion
from joren.understand.ltv.contracts import reasons
from joren.understand.ltv.rules import summary, thresholds, windows
from joren.understand.ltv.services.gathering import Gathered

SAMPLE: Final = 50_000
"""Customers on whom the models are judged, at most: more would tell the candidates apart no better,
and the judging costs the same for a large shop as for a middling one."""


@dataclass(frozen=True, eq=False)
class Seen:
    """The sampled customers at one cut-off, one by one; money in minor units."""

    cutoff: date
    customer: Indices  # their numbers, in order
    each: Customer
    x_paid: Floats  # repeat days above zero, and their money
    spend: Floats
    later_paid: Floats
    later_spend: Floats
    later_revenue: Floats


@dataclass(frozen=True, eq=False)
class At:
    """One cut-off: what the chosen models would have said, and what came."""

    seen: Seen
    origin: Origin
    foretold: Foretold
    expected: Floats  # orders of each customer
    revenue: Floats | None  # of each customer, as foretold

    @property
    def revenue_actual(self) -> int:
        return int(self.seen.later_revenue.sum())

    @property
    def revenue_window(self) -> Window | None:
        """None where nothing came, or nothing was foretold."""
        if self.revenue is None or self.revenue_actual <= 0:
            return None
        came = self.seen.later_revenue
        return Window(
            begin=self.foretold.window.begin,
            days=self.foretold.window.days,
            predicted=float(self.revenue.sum()),
            actual=float(self.revenue_actual),
            dispersion=dispersion(came, self.revenue, np.ones(came.size)),
        )


@dataclass(frozen=True, eq=False)
class Judged:
    """The choice and all it rests on; ``history`` from the oldest cut-off to the newest."""

    orders: Choice[Candidate, Mark]
    spends: Choice[str, SpendMark]
    history: tuple[At, ...]
    plan: windows.Plan
    today: Origin
    repeats: pa.Table
    sampled: int
    why: str  # nothing could be judged

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Of the totals of orders."""
        return tuple(at.foretold.window for at in self.history)

    @cached_property
    def revenue_windows(self) -> tuple[Window, ...]:
        """Of the totals of revenue."""
        found = (at.revenue_window for at in self.history)
        return tuple(one for one in found if one is not None)


def begin_judging(
    gathered: Gathered, days: ir.Table, *, first_on: date, customers: int
) -> Future[Judged]:
    """Choose the models by the shop's own past up to the as-of day.

    The customers are read at once. To judge takes some seconds of one core and nothing else, so it
    goes on beside what the caller does next.
    """
    plan = windows.plan(first_on, gathered.as_of)
    drawn = gathered.holding.hold(summary.sampled(days, customers=customers, size=SAMPLE))
    cutoffs = (*plan.cutoffs, gathered.as_of)
    outlooks = gathered.holding.hold(summary.outlooks(drawn, cutoffs=cutoffs, horizon=plan.days))
    engine = gathered.warehouse.engine
    rows = engine.arrow(outlooks.order_by("customer_id"))
    known_by = plan.cutoffs[-1] if plan.cutoffs else gathered.as_of
    repeats = engine.arrow(summary.repeats(drawn, outlooks, known_by=known_by))
    return beside(_judged, rows, repeats, plan, (first_on, gathered.as_of))


def _judged(
    rows: pa.Table, repeats: pa.Table, plan: windows.Plan, known: tuple[date, date]
) -> Judged:
    cutoffs = (*plan.cutoffs, known[1])
    every_seen = [_seen(rows, number, cutoff) for number, cutoff in enumerate(cutoffs)]
    every = [(seen, *_origin(seen, plan.days, repeats)) for seen in every_seen]
    *past, (_, today, _) = every
    judged = [one for one in past if _enough(one[1])]
    spent = [_spend_origin(seen, plan.days) for seen, _, _ in judged]
    choosing_spend = beside(choose_spend, spent)  # NumPy lets both work
    orders = choose([origin for _, origin, _ in judged])
    spends = choosing_spend.result()
    return Judged(
        orders=orders,
        spends=spends,
        history=_history(orders, spends, judged),
        plan=plan,
        today=today,
        repeats=repeats,
        sampled=len(rows),
        why="" if judged else _why_nothing(plan, *known),
    )


def _history(
    orders: Choice[Candidate, Mark],
    spends: Choice[str, SpendMark],
    judged: Sequence[tuple[Seen, Origin, Indices]],
) -> tuple[At, ...]:
    """What the chosen models would have said of all sampled customers at each cut-off."""
    marks = orders.marks
    money: Sequence[SpendMark | None] = spends.marks or [None] * len(judged)
    if len(marks) != len(judged):
        return ()
    found = []
    for (seen, origin, where), rough, spend in zip(judged, marks, money, strict=True):
        whole = thin(origin) is origin
        said = rough if whole else foretold(refitted(rough.told, origin), origin)
        expected = said.expected[where]
        found.append(At(seen, origin, said, expected, _revenue(seen, expected, spend)))
    return tuple(found)


def _revenue(seen: Seen, expected: Floats, spend: SpendMark | None) -> Floats | None:
    if spend is None:
        return None
    mean = mean_of(seen.x_paid, seen.spend)
    revenue: Floats = expected * spend.fitted.conditional_expected_spend(seen.x_paid, mean)
    return revenue


def _seen(rows: pa.Table, number: int, cutoff: date) -> Seen:
    there = days_of(rows, "first_on") <= number_of(cutoff)

    def part(name: str) -> Floats:
        return column_of(rows, f"{name}_{number}")[there]

    first = column_of(rows, "first_revenue")[there]
    return Seen(
        cutoff=cutoff,
        customer=rows["customer_id"].to_numpy()[there],
        each=Customer(
            part("days") - 1.0,
            days_of(rows, "first_on")[there],
            days_of(rows, f"last_{number}")[there],
            part("after_days"),
        ),
        x_paid=part("paid") - (first > 0),
        spend=part("money") - np.maximum(first, 0.0),
        later_paid=part("after_paid"),
        later_spend=part("after_money"),
        later_revenue=part("after_revenue"),
    )


def _origin(seen: Seen, days: int, repeats: pa.Table) -> tuple[Origin, Indices]:
    return origin_of(
        seen.each,
        number_of(seen.cutoff),
        float(days),
        days_of(repeats, "day"),
        column_of(repeats, "orders"),
    )


def _spend_origin(seen: Seen, days: int) -> SpendOrigin:
    return SpendOrigin(
        number_of(seen.cutoff),
        float(days),
        seen.x_paid,
        seen.spend,
        seen.later_paid,
        seen.later_spend,
    )


def _enough(origin: Origin) -> bool:
    """Whether there was enough to learn from, and anything came after."""
    customers = origin.customers
    repeaters = float(customers.weights[customers.frequency > 0].sum())
    return repeaters >= thresholds.FIT_REPEATERS and origin.actual > 0


def _why_nothing(plan: windows.Plan, first_on: date, as_of: date) -> str:
    if plan.cutoffs:
        return reasons.TOO_FEW_CAME_BACK
    weeks = (windows.LEARN_DAYS + windows.LENGTHS[-1]) // 7
    short = thresholds.weeks_short((as_of - first_on).days + 1, weeks)
    return reasons.NEEDS_WEEKS.format(short)


def number_of(day: date) -> float:
    """Days since 1970."""
    return float((day - date(1970, 1, 1)).days)


def days_of(rows: pa.Table, name: str) -> Floats:
    numbers = rows[name].cast(pa.int32()).fill_null(-1).to_numpy()
    return np.asarray(numbers, dtype=np.float64)


def column_of(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)
