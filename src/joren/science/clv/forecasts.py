"""What every model of coming back answers, from two parts that each model brings.

The first part: how likely is it, given the past, that someone is still there. The second: what do
they do from now on if they are (a `Future`). In all these models the future of someone who is still
there is the same model again, with parameters that the past has updated; a new customer is one
whose past is empty. So each answer below is written once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from joren.core.errors import BadInput
from joren.science.arrays import Floats, levels, number, numbers, same_length
from joren.science.clv.futures import Future
from joren.science.clv.summary import Summary

MANY = 50_000  # rows of which so many are equal that sorting them out pays


@dataclass(frozen=True, eq=False)
class NextOrder:
    """When the next order comes, and the chance that none does.

    `never` is the chance that no further order comes, however long one waits. The times are given
    that one comes: the median, and the bounds between which it falls with the level asked for. They
    count from the end of observation, in the summary's unit. There is no mean: for customers of
    whom little is known it does not exist.
    """

    never: Floats
    median: Floats
    low: Floats
    high: Floats


class Past(NamedTuple):
    """Frequency, recency and T of customers, in arrays of any shape."""

    x: Floats
    t_x: Floats
    T: Floats


class Forecasts(ABC):
    """The answers of a model with known parameters."""

    # Where the future hangs on (frequency, T) alone it is computed once per pair of levels.
    _one_by_one: ClassVar[bool] = False
    in_opportunities: ClassVar[bool] = False  # whether every time is a whole number of them
    # Where P(alive) is an integral, it is computed once per different past.
    _costly: ClassVar[bool] = False

    @abstractmethod
    def _log_odds_gone(self, summary: Summary) -> Floats:
        """ln of P(gone) / P(still there) given the past; minus infinity where certainly there."""

    @abstractmethod
    def _if_here(self, past: Past) -> Future:
        """The future of customers with this past who are still there."""

    def probability_alive(self, summary: Summary) -> Floats:
        """That a customer is still there at T, given the past."""
        if not self._costly or len(summary) < MANY:
            return expit(-self._log_odds_gone(summary))
        different, where = summary.grouped()
        return expit(-self._log_odds_gone(different))[where]

    def expected_purchases(self, t: ArrayLike) -> Floats:
        """Repeat purchases of a new customer within t."""
        time = times(t)
        here, future = self._newcomer()
        expected: Floats = here * future.expected(time)
        return expected.reshape(time.shape)

    def conditional_expected_purchases(self, summary: Summary, t: ArrayLike) -> Floats:
        """Purchases in the next t, given the past; t for all, or one per row."""
        time = _for_rows("t", times(t), summary)
        ahead = self._ahead(summary, lambda future: future.expected(time), each=time.ndim > 0)
        expected: Floats = self.probability_alive(summary) * ahead
        return expected

    def probability_of_purchases(self, n: ArrayLike, t: float) -> Floats:
        """That a new customer repeats exactly n times within t."""
        count, time = counts(n), times(number("t", t))
        here, future = self._newcomer()
        chance: Floats = here * future.exactly(count, time) + (1 - here) * (count == 0)
        return chance.reshape(count.shape)

    def conditional_probability_of_purchases(
        self, summary: Summary, n: ArrayLike, t: float
    ) -> Floats:
        """Of exactly n purchases in the next t, given the past.

        One number per customer for a single n, a row per customer for several.
        """
        count, time = counts(n), times(number("t", t))
        if count.ndim > 1:
            raise BadInput(f"n has {count.ndim} dimensions, at most one is possible")
        here = self.probability_alive(summary)
        here = here[:, None] if count.ndim else here
        ahead = self._ahead(summary, lambda future: future.exactly(count, time), wide=count.ndim)
        chance: Floats = here * ahead + (1 - here) * (count == 0)
        return chance

    def probability_of_what_came(self, summary: Summary, n: ArrayLike, t: float) -> Floats:
        """Of exactly n purchases in the next t, given the past; one n per row."""
        count, time = counts(n), times(number("t", t))
        same_length(frequency=summary.frequency, n=count)
        here = self.probability_alive(summary)
        past = Past(summary.frequency, summary.recency, summary.T)
        chance: Floats = here * self._if_here(past).exactly(count, time) + (1 - here) * (count == 0)
        return chance

    def probability_of_order_by(self, summary: Summary, t: ArrayLike) -> Floats:
        """Of at least one purchase in the next t, given the past; t for all, or one per row."""
        time = _for_rows("t", times(t), summary)
        ahead = self._ahead(summary, lambda future: future.order_by(time), each=time.ndim > 0)
        chance: Floats = self.probability_alive(summary) * ahead
        return chance

    def next_order(self, summary: Summary, level: float = 0.9) -> NextOrder:
        """When the next order comes if one does, and the chance that none does."""
        level = number("level", level)
        if not 0 < level < 1:
            raise BadInput(f"level = {level}, a share between 0 and 1 is needed")
        ever = self._ahead(summary, lambda future: future.order_ever())
        shares = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
        waits = self._ahead(summary, lambda future: future.wait(shares), wide=1)
        low, median, high = waits.T
        return NextOrder(1 - self.probability_alive(summary) * ever, median, low, high)

    def det(self, summary: Summary, horizon: float, rate: float) -> Floats:
        """Discounted expected transactions within the horizon, given the past.

        `rate` is continuous, per unit of time: a purchase at time t counts exp(-rate t). A yearly
        rate of 15 % on weeks is ln(1.15) / 52 = .0027. The horizon may be infinite.
        """
        horizon, rate = number("horizon", horizon), number("rate", rate)
        if not (horizon >= 0 and 0 <= rate < np.inf):
            raise BadInput(f"horizon = {horizon}, rate = {rate}: both have to be 0 or more")
        if horizon == np.inf and rate == 0:
            raise BadInput("an infinite horizon needs a rate above 0", hint="or bound the horizon")
        ahead = self._ahead(summary, lambda future: future.discounted(horizon, rate))
        return self.probability_alive(summary) * ahead

    def dert(self, summary: Summary, rate: float) -> Floats:
        """Discounted expected residual transactions: `det` without a horizon."""
        return self.det(summary, np.inf, rate)

    def clv(self, summary: Summary, horizon: float, rate: float, spend: ArrayLike) -> Floats:
        """Discounted value within the horizon; `spend` per purchase, for all or one per row."""
        each = numbers("spend", spend)
        if not np.isfinite(each).all():
            raise BadInput("spend has to be finite", hint="in money per purchase")
        value: Floats = self.det(summary, horizon, rate) * _for_rows("spend", each, summary)
        return value

    def _newcomer(self) -> tuple[float, Future]:
        """The chance that a new customer did not leave at once, and what they do if so."""
        nothing = Summary([0], [0], [0])
        here = float(self.probability_alive(nothing)[0])
        return here, self._if_here(Past(nothing.frequency, nothing.recency, nothing.T))

    def _ahead(
        self,
        summary: Summary,
        ask: Callable[[Future], Floats],
        *,
        each: bool = False,
        wide: int = 0,
    ) -> Floats:
        """The answer of each row's future; `each`: it differs by row also for equal pasts.

        `wide` adds an axis to the right, for as many answers per customer.
        """
        right = (slice(None), *(None,) * wide)
        x, age = levels(summary.frequency), levels(summary.T)
        shape = (x.values.size, age.values.size)
        if each or self._one_by_one or shape[0] * shape[1] > len(summary):
            past = Past(summary.frequency[right], summary.recency[right], summary.T[right])
            answer = ask(self._if_here(past))
            return np.broadcast_to(answer, (len(summary), *answer.shape[1:]))
        when = age.values[right][None]
        table = ask(self._if_here(Past(x.values[right][:, None], np.zeros_like(when), when)))
        return np.broadcast_to(table, (*shape, *table.shape[2:]))[x.index, age.index]


def times(t: ArrayLike) -> Floats:
    """Times from now, checked."""
    time = numbers("t", t)
    if not (np.isfinite(time).all() and (time >= 0).all()):
        raise BadInput("t has to be a finite time of 0 or more", hint="in the summary's unit")
    return time


def _for_rows(name: str, given: Floats, summary: Summary) -> Floats:
    """One number for all customers, or one for each."""
    if given.ndim and given.shape != (len(summary),):
        shape = " x ".join(str(size) for size in given.shape)
        raise BadInput(
            f"{name} has {shape} numbers, there are {len(summary):,} customers",
            hint="give one number for all, or one per row",
        )
    return given


def counts(n: ArrayLike) -> Floats:
    """Numbers of purchases, checked."""
    count = numbers("n", n)
    if not (np.isfinite(count).all() and (count >= 0).all() and (count == np.floor(count)).all()):
        raise BadInput("n has to be a whole number of 0 or more")
    return count
