"""What someone who is there at the next opportunity will do from it on, when buying comes in turns.

At each opportunity (a delivery, a campaign, a year) they buy with their own chance p ~ Beta(alpha,
beta); before each later one they leave with their own chance ~ Beta(gamma, delta). They are there
at the next one for certain: that they may not be is the other half of a forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from scipy.special import gammaln

from joren.core.errors import BadInput
from joren.science.arrays import Floats
from joren.science.clv.beta_steps import falling, log_step
from joren.science.clv.futures import Future
from joren.science.clv.periods_ahead import NODES, PANEL, WEIGHTS, added_up

ONE_BY_ONE = 1_024  # opportunities that are gone through in turn; later ones are integrated over
END = 40.0  # in ln(opportunities): from here on everything follows a power law


@dataclass(frozen=True, eq=False)
class Turns(Future):
    """Of those there at the next opportunity; times are whole numbers of opportunities."""

    alpha: Floats
    beta: Floats
    gamma: float
    delta: Floats

    def expected(self, t: Floats) -> Floats:
        number = _whole(t)
        # The first opportunity apart, since the sum of the rest cancels where delta is tiny.
        rest = falling(self.delta + 1, np.maximum(number - 1, 0.0), self.gamma)
        stay = self.delta / (self.gamma + self.delta)
        expected: Floats = self._share() * np.where(number > 0, 1 + stay * rest, 0.0)
        return expected

    def exactly(self, n: Floats, t: Floats) -> Floats:
        """Fader, Hardie & Shang (2010), eq. 8: n in all t opportunities, or before leaving."""
        number = _whole(t)
        shape = np.broadcast_shapes(self._shape(), n.shape, number.shape)
        chance = np.where(number == 0, n == 0, 0.0) + np.zeros(shape)
        for i in range(1, int(number.max(initial=0)) + 1):
            stays = np.exp(log_step(self.delta, i - 1.0, self.gamma))
            leaves = stays * (self.gamma / (self.gamma + self.delta + i - 1))
            weight = np.where(number == i, stays, np.where(number > i, leaves, 0.0))
            chance += weight * self._of(n, float(i))
        return chance

    def order_by(self, t: Floats) -> Floats:
        number = _whole(t)
        shape = np.broadcast_shapes(self._shape(), number.shape)
        found, term = np.zeros(shape), self._share() * np.ones(shape)
        for i in range(1, int(min(number.max(initial=0), ONE_BY_ONE)) + 1):
            found += np.where(number >= i, term, 0.0)
            term *= self._onward(float(i))
        if (number > ONE_BY_ONE).any():
            found += self._first_later(np.log(np.maximum(number, ONE_BY_ONE) + 0.5))
        return found

    def order_ever(self) -> Floats:
        found = self.order_by(np.array(float(ONE_BY_ONE)))
        last = np.exp(self._log_later(np.array(np.exp(END))) + END)
        ever: Floats = found + self._first_later(np.array(END)) + last / (self.gamma + self.alpha)
        return np.minimum(ever, 1.0)

    def wait(self, share: Floats) -> Floats:
        """In opportunities; infinite where it takes more than ONE_BY_ONE of them."""
        goal = share * self.order_ever()
        wait = np.full(goal.shape, inf)
        found, term = np.zeros(goal.shape), self._share() * np.ones(goal.shape)
        for i in range(1, ONE_BY_ONE + 1):
            found += term
            wait[(found >= goal) & (wait == inf)] = i
            if (wait < inf).all():
                break
            term *= self._onward(float(i))
        return wait

    def discounted(self, horizon: float, rate: float) -> Floats:
        """Purchases within the horizon; at the h-th opportunity each counts (1 + rate)^-h."""
        last = horizon if horizon == inf else float(_whole(np.asarray(horizon)))
        if last == 0:
            return np.zeros(self._shape())

        def stays(delta: Floats, more: Floats) -> Floats:
            return log_step(delta, more, self.gamma)

        later = added_up(stays, self.delta, rate=rate, horizon=last - 1)
        discounted: Floats = self._share() * (1 + later) / (1 + rate)
        return discounted

    def _shape(self) -> tuple[int, ...]:
        return np.broadcast_shapes(self.alpha.shape, self.beta.shape, self.delta.shape)

    def _share(self) -> Floats:
        """The mean chance of a purchase at an opportunity."""
        return self.alpha / (self.alpha + self.beta)

    def _of(self, n: Floats, i: float) -> Floats:
        """The chance of n purchases at i opportunities, all of which they are there at."""
        some = np.minimum(n, i)
        ways = gammaln(i + 1) - gammaln(some + 1) - gammaln(i - some + 1)
        chance = ways + log_step(self.beta, i - some, self.alpha)
        chance = chance + log_step(self.alpha, some, self.beta + i - some)
        return np.where(n <= i, np.exp(chance), 0.0)

    def _log_later(self, i: Floats | float) -> Floats:
        """ln of the chance that the first order is at opportunity i, beyond ONE_BY_ONE."""
        begun, more = float(ONE_BY_ONE), i - 1 - ONE_BY_ONE
        later: Floats = self._log_at_begun + log_step(self.beta + begun, more, self.alpha + 1)
        return later + log_step(self.delta + begun, more, self.gamma)

    @cached_property
    def _log_at_begun(self) -> Floats:
        """The same for the first opportunity after ONE_BY_ONE."""
        begun = float(ONE_BY_ONE)
        waited = log_step(self.beta, begun, self.alpha + 1) + np.log(self._share())
        first: Floats = waited + log_step(self.delta, begun, self.gamma)
        return first

    def _onward(self, i: Floats | float) -> Floats:
        """How much less likely a first order is at opportunity i + 1 than at i."""
        here = (self.delta + i - 1) / (self.gamma + self.delta + i - 1)
        onward: Floats = here * ((self.beta + i - 1) / (self.alpha + self.beta + i))
        return onward

    def _first_later(self, until: Floats) -> Floats:
        """The chance of a first order past ONE_BY_ONE, up to exp(until) opportunities.

        An integral between halves, with the first correction of Euler and Maclaurin.
        """
        begin = np.log(ONE_BY_ONE + 0.5)
        panels = max(1, int(np.ceil((until.max() - begin) / PANEL)))
        half = np.maximum(until - begin, 0.0) / panels / 2
        total = np.zeros(np.broadcast_shapes(self._shape(), until.shape))
        for panel in range(panels):
            for node, weight in zip(NODES, WEIGHTS, strict=True):
                at = begin + half * (2 * panel + 1 + node)
                total += weight * half * np.exp(self._log_later(np.exp(at)) + at)
        first, second, third = (np.exp(self._log_later(ONE_BY_ONE + i)) for i in (1.0, 2.0, 3.0))
        last = np.exp(until) - 0.5
        slopes = -2 * first + 3 * second - third  # at ONE_BY_ONE + 1/2
        slopes = slopes - np.exp(self._log_later(last + 1)) + np.exp(self._log_later(last))
        return np.maximum(total + np.where(half > 0, slopes / 24, 0.0), 0.0)


def _whole(t: Floats) -> Floats:
    if not (t == np.floor(t)).all():
        raise BadInput(
            "t is not a whole number of opportunities", hint="BG/BB counts in opportunities"
        )
    return t
