"""The calendar in the rate of orders: one clock for all customers that runs fast or slow.

Seasons, sales and lean months move everybody's rate of buying together. In a model of customers
with rates of their own this is a change of clock: with A(t) the integral of the common speed, a
customer's recency, T and every horizon are counted on A instead of t, and any of the models fits
and forecasts as before. Without it, a good month just after the customers came is taken for
customers who leave, and the forecast is too low.

The speed is a step function, estimated in turns with the model: orders seen against orders
expected in each period, drawn towards 1 (a Poisson likelihood with a normal prior on the
logarithm). Ahead of the last period the speed of the season comes back as far as it was seen, and
the rest of the last deviation fades. The page is docs/science/calendar.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows, same_length
from joren.science.clv.summary import Summary
from joren.science.errors import NotEnoughRepeats

PERIOD = 28.0  # days: four weeks, so that each has the same days of the week
YEAR = 13  # periods after which a season comes back
SPREAD = 0.2  # standard deviation of a period's log speed before anything is seen
MEMORY = 0.5  # of a deviation from the season, what the next period keeps
TURNS = 40
KNOTS = 49
STILL = 1e-6  # change of a log speed at which the turns end


class Fit(Protocol):
    """What a fitted model says, as far as a calendar asks."""

    @property
    def params(self) -> Mapping[str, float]:
        """The parameters by their letters."""
        ...

    def expected_purchases(self, t: ArrayLike) -> Floats:
        """Repeat purchases of a new customer within t."""
        ...


Found = TypeVar("Found", bound=Fit, covariant=True)


class FitModel(Protocol[Found]):
    """A model's ``fit``."""

    def __call__(self, summary: Summary, *, near: Mapping[str, float] | None = None) -> Found:
        """The model on these customers; ``near`` are parameters to search from."""
        ...


@dataclass(frozen=True, eq=False)
class Customers:
    """Customers with their dates: repeat purchases, and the days of the first and last purchase.

    Days count from any origin, or are `datetime64`; they are observed to the end of the day `end`.
    """

    frequency: Floats
    first: Floats
    last: Floats
    end: float
    weights: Floats

    @staticmethod
    def of(
        frequency: ArrayLike,
        first: ArrayLike,
        last: ArrayLike,
        end: object,
        weights: ArrayLike | None = None,
    ) -> Customers:
        """The columns, checked."""
        x, begun, bought = column("frequency", frequency), days("first", first), days("last", last)
        heads = column("weights", np.ones(x.size) if weights is None else weights)
        same_length(frequency=x, first=begun, last=bought, weights=heads)
        day = float(days("end", np.atleast_1d(np.asarray(end)))[0])
        refuse_rows(bought > day, "the last purchase is after the end", bought)
        return Customers(x, begun, bought, day, heads)


@dataclass(frozen=True, eq=False)
class Calendar:
    """How fast the common clock ran in each period, and from then on will."""

    start: float
    log_speed: Floats
    unit: float  # days in a unit of time: 7 for weeks

    @property
    def speeds(self) -> Floats:
        """Of the periods observed, against the mean."""
        speeds: Floats = np.exp(self.log_speed)
        return speeds

    def clock(self, day: ArrayLike) -> Floats:
        """The time on the common clock, in units, at the end of a day; also of days to come."""
        when = (np.asarray(day, dtype=np.float64) - self.start) / PERIOD
        count = max(self.log_speed.size, int(np.ceil(when.max(initial=0.0))))
        log = np.append(self.log_speed, self._to_come(count - self.log_speed.size))
        time = np.append(0.0, np.cumsum(np.exp(log)))
        # The first period is as long as it has to be for the rest to be whole.
        periods = np.interp(when, np.arange(count + 1.0), time) + np.minimum(when, 0.0) * time[1]
        elapsed: Floats = periods * (PERIOD / self.unit)
        return elapsed

    def ahead(self, end: object, days_ahead: float) -> float:
        """The time that the common clock will run in the days after `end`: a model's horizon."""
        day = float(days("end", np.atleast_1d(np.asarray(end)))[0])
        now, then = self.clock(np.array([day, day + days_ahead]))
        return float(then - now)

    def summary(self, customers: Customers) -> Summary:
        """The customers' past on the common clock."""
        first, last, end = (
            self.clock(part) for part in (customers.first, customers.last, [customers.end])
        )
        recency = np.where(customers.frequency > 0, last - first, 0.0)
        return Summary(customers.frequency, recency, end[0] - first, customers.weights)

    def _to_come(self, count: int) -> Floats:
        log, known = list(self.log_speed), self.log_speed.size
        rest = log[-1] - _season(log, known - 1)
        for _ in range(count):
            rest *= MEMORY
            log.append(_season(log[:known], len(log)) + rest)
        return np.array(log[known:])


def fit(
    fit_model: FitModel[Found],
    customers: Customers,
    order_days: ArrayLike,
    orders: ArrayLike,
    *,
    unit: float = 7.0,
    spread: float = SPREAD,
    near: Mapping[str, float] | None = None,
    still: float = STILL,
) -> tuple[Calendar, Found]:
    """The calendar, and the model fitted on its clock.

    `fit_model` is a model's `fit`, `near` its parameters on nearly the same data; `orders` are the
    repeat orders of all these customers by day. The turns end when no log speed moves by `still`.
    """
    when, count = days("order_days", order_days), column("orders", orders)
    same_length(order_days=when, orders=count)
    start = float(customers.first.min(initial=customers.end)) - 1.0
    periods = int((customers.end - start) // PERIOD)
    if periods < 3:
        raise NotEnoughRepeats(
            f"{customers.end - start:.0f} days observed, three periods of {PERIOD:.0f} are needed",
            hint="fit the model without a calendar",
        )
    # From the end backwards whole periods; what is left over goes to the first.
    start = customers.end - PERIOD * periods
    edges = np.append(-np.inf, start + PERIOD * np.arange(1, periods + 1))
    seen = np.histogram(when, edges + 1e-9, weights=count)[0]
    calendar = Calendar(start, np.zeros(periods), unit)
    fitted = fit_model(calendar.summary(customers), near=near)
    for _ in range(TURNS):
        log = _speeds(seen, _expected(calendar, fitted, customers, edges), spread)
        change = np.abs(log - calendar.log_speed).max()
        calendar = Calendar(start, log, unit)
        fitted = fit_model(calendar.summary(customers), near=fitted.params)
        if change < still:
            break
    return calendar, fitted


def days(name: str, values: ArrayLike) -> Floats:
    """Days as numbers; dates become days since 1970."""
    given = np.asarray(values)
    if given.dtype.kind == "M":
        given = given.astype("datetime64[D]").astype(np.int64)
    if given.dtype.kind not in "iuf":
        raise BadInput(f"{name} is neither dates nor numbers of days")
    return column(name, given)


def _expected(calendar: Calendar, fitted: Fit, customers: Customers, edges: Floats) -> Floats:
    """Repeat orders that the model expects of new customers in each period, at speed 1."""
    from scipy.interpolate import CubicSpline  # late: it loads for long

    first, where = np.unique(customers.first, return_inverse=True)
    heads = np.bincount(where, customers.weights)
    begun, ends = calendar.clock(first), calendar.clock(edges[1:])
    age = np.maximum(ends[None, :] - begun[:, None], 0.0)  # 0: not yet there
    # Smooth in the age, so that a curve through a few of them answers for all.
    at = age.max() * np.linspace(0.0, 1.0, KNOTS) ** 2
    expected = heads @ CubicSpline(at, fitted.expected_purchases(at))(age)
    steps: Floats = np.diff(np.append(0.0, expected)) / calendar.speeds
    return steps


def _speeds(seen: Floats, expected: Floats, spread: float) -> Floats:
    """The mode of each log speed, with mean 0: the mean rate is the model's."""
    log = np.zeros(seen.size)
    for _ in range(50):
        rate = expected * np.exp(log)
        log += np.clip((seen - rate - log / spread**2) / (rate + 1 / spread**2), -1.0, 1.0)
    centred: Floats = log - log.mean()
    return centred


def _season(log: list[float], at: int) -> float:
    """The mean log speed of the same period in years before, drawn to 0 as far as years are few."""
    same = log[at % YEAR : len(log) : YEAR] if len(log) > YEAR else []
    return sum(same) / (len(same) + 1)
