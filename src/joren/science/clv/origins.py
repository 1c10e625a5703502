"""Forecasts as if on an earlier day, each model's marks by what came in the window after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from joren.core.errors import Refused
from joren.science import backtest
from joren.science.arrays import Floats, Indices, thinned
from joren.science.clv.calendar import Calendar, Customers
from joren.science.clv.candidates import CLOCK, FITS, Candidate, Clocked, Learned, Letters, fitted
from joren.science.totals import Window, dispersion

ROWS = 4_096
"""Rows on which the candidates are fitted and judged; of more, an even sample along their order."""
SURE = 1e-9  # the least chance a forecast is taken to give: one surprise does not decide


@dataclass(frozen=True, eq=False)
class Origin:
    """A day in the past: what was known on it, and the orders of each row in the days after."""

    learned: Learned
    after: Floats
    days: float
    actual: float  # orders that came: of all customers, also where the rows are a sample of them

    @property
    def customers(self) -> Customers:
        return self.learned.customers


@dataclass(frozen=True, eq=False)
class Customer:
    """Customers one by one, as of the end of a day: columns of whole days and counts."""

    frequency: Floats
    first: Floats
    last: Floats
    after: Floats


def origin_of(
    each: Customer, end: float, days: float, order_days: Floats, orders: Floats
) -> tuple[Origin, Indices]:
    """The origin, customers who are alike as one row; and which row each customer is.

    `order_days` and `orders` are the repeat orders by day; later days do not count.
    """
    columns = (each.frequency, each.first, each.last, each.after)
    parts = [np.unique(column, return_inverse=True) for column in columns]
    keys = np.zeros(each.frequency.size, dtype=np.int64)
    for levels, at in parts:
        keys = keys * levels.size + at
    _, one, where, heads = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    x, first, last, after = (column[one] for column in columns)
    customers = Customers.of(x, first, last, end, heads)
    known = order_days <= end
    learned = Learned(customers, order_days[known], orders[known])
    return Origin(learned, after, days, float(each.after.sum())), where


@dataclass(frozen=True, eq=False)
class Foretold:
    """What a model said at an origin: the orders of each row, and the total beside what came."""

    told: Clocked
    expected: Floats
    window: Window


@dataclass(frozen=True, eq=False)
class Mark(Foretold):
    """How a candidate did at an origin; `rows` are the log chances it gave to what each row did.

    `gini` says how well it told apart who would order much (see ``backtest``).
    """

    rows: Floats
    weights: Floats
    gini: float | None


def thin(origin: Origin, rows: int = ROWS) -> Origin:
    """The same on at most so many rows, which stand for as many customers."""
    customers = origin.customers
    if customers.frequency.size <= rows:
        return origin
    which, picked = thinned(customers.weights, rows)
    scale = float(customers.weights.sum()) / float(picked.sum())
    some = Customers(
        customers.frequency[which],
        customers.first[which],
        customers.last[which],
        customers.end,
        picked * scale,
    )
    learned = Learned(some, origin.learned.order_days, origin.learned.orders)
    return Origin(learned, origin.after[which], origin.days, origin.actual)


def steady_marks(origin: Origin, near: Mapping[str, Letters]) -> dict[Candidate, Mark]:
    """The models on a steady clock."""
    return _marks([Candidate(model) for model in FITS], origin, None, near)


def clock_marks(
    origin: Origin, spread: float, near: Mapping[str, Letters]
) -> dict[Candidate, Mark]:
    """The calendar, under the model that it is learned with; none where there are few periods."""
    try:
        calendar, first = origin.learned.clock(spread, near.get(CLOCK))
    except Refused:
        return {}
    return _marks([Candidate(CLOCK, spread)], origin, calendar, {CLOCK: first.params})


def clocked_marks(
    origin: Origin, clock: Clocked, near: Mapping[str, Letters]
) -> dict[Candidate, Mark]:
    """The other models on that clock."""
    spread = clock.candidate.spread
    others = [Candidate(model, spread) for model in FITS if model != CLOCK]
    return _marks(others, origin, clock.calendar, near)


def _marks(
    candidates: Sequence[Candidate],
    origin: Origin,
    calendar: Calendar | None,
    near: Mapping[str, Letters],
) -> dict[Candidate, Mark]:
    found = {}
    for candidate in candidates:
        try:
            told = fitted(candidate, origin.customers, calendar, near.get(candidate.model))
        except Refused:
            continue  # a model that cannot be fitted is not in the running
        found[candidate] = marked(told, origin)
    return found


def refitted(told: Clocked, origin: Origin) -> Clocked:
    """The same model on all rows of the origin, on the clock that a sample of them gave; the
    sample's own fit where all rows together find no maximum."""
    try:
        return fitted(told.candidate, origin.customers, told.calendar, told.fitted.params)
    except Refused:
        return told


def foretold(told: Clocked, origin: Origin) -> Foretold:
    """What a model that was fitted on what was known at the origin says of the days after."""
    expected = told.expected(origin.customers, origin.days)
    heads = origin.customers.weights
    window = Window(
        begin=origin.customers.end,
        days=origin.days,
        predicted=float(heads @ expected),
        actual=origin.actual,
        dispersion=dispersion(origin.after, expected, heads),
    )
    return Foretold(told, expected, window)


def marked(told: Clocked, origin: Origin) -> Mark:
    """The marks of that model."""
    said = foretold(told, origin)
    past = told.summary(origin.customers)
    ahead = float(told.ahead(origin.customers.end, origin.days))
    chance = told.fitted.probability_of_what_came(past, origin.after, ahead)
    rows = np.log(np.clip(chance, SURE, 1.0))
    heads = origin.customers.weights
    gini = backtest.gini(origin.after, said.expected, heads)
    return Mark(told, said.expected, said.window, rows, heads, gini)
