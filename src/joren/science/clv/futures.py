"""What customers who are still there will do from now on, whichever the model.

A `Future` holds arrays, one element per customer (any shape, broadcast against each other and
against what is asked). It knows nothing of whether somebody is still there: that is the other half
of a forecast, and is multiplied in by `forecasts`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from joren.science.arrays import Floats
from joren.science.crossings import crossing

SPENT = 45.0  # discounted by e^-45, what comes later may be left out
# Panels in (rate t) where discounting bends the curve; below, panels whose ends are in proportion.
BENDS = (1.0, 3.5, 8.0, 14.0, 22.0, 32.0, SPENT)
PROPORTION = 8.0
PANELS_BELOW = 7
NODES, WEIGHTS = (part.copy() for part in np.polynomial.legendre.leggauss(16))


class Future(ABC):
    """The purchases to come of customers who are still there."""

    @abstractmethod
    def expected(self, t: Floats) -> Floats:
        """How many, on average, within t from now."""

    @abstractmethod
    def exactly(self, n: Floats, t: Floats) -> Floats:
        """The chance of n purchases within t from now."""

    @abstractmethod
    def order_by(self, t: Floats) -> Floats:
        """The chance of at least one within t from now."""

    @abstractmethod
    def order_ever(self) -> Floats:
        """The chance of at least one, however late."""

    def wait(self, share: Floats) -> Floats:
        """The time within which this share of the next orders that come at all has come.

        ``share`` is broadcast against the customers, as a time would be.
        """
        goal = share * self.order_ever()
        low, high = np.full(goal.shape, -60.0), np.full(goal.shape, 1.0)
        for _ in range(12):  # as logarithms, so that hours and centuries are found alike
            short = self.order_by(np.exp(high)) < goal
            if not short.any():
                break
            low, high = np.where(short, high, low), np.where(short, 2 * high + 1, high)
            high = np.minimum(high, 700.0)
        wait: Floats = np.exp(crossing(lambda at: self.order_by(np.exp(at)) - goal, low, high))
        return wait

    def discounted(self, horizon: float, rate: float) -> Floats:
        """Purchases within the horizon, each counted exp(-rate t) at its time t.

        By parts, e^(-rate h) E X(h) + rate * integral of e^(-rate t) E X(t), in which nothing is
        subtracted. Expectations are smooth and rise from 0 ever more slowly, so few panels do.
        """
        if rate == 0:
            return self.expected(np.asarray(horizon))
        end = min(horizon * rate, SPENT)
        total: Floats = np.exp(-end) * self.expected(np.asarray(end / rate))
        edges = [edge for edge in BENDS if edge < end] + [end]
        below = [edges[0] / PROPORTION**k for k in range(PANELS_BELOW, 0, -1)]
        for low, high in zip([0.0, *below, *edges[:-1]], [*below, *edges], strict=True):
            for node, weight in zip(NODES, WEIGHTS, strict=True):
                at = low + (high - low) * (node + 1) / 2
                share = weight * (high - low) / 2 * np.exp(-at)
                total = total + share * self.expected(np.asarray(at / rate))
        return total
