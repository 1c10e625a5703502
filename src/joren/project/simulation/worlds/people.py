"""Customers of a world with all that decides what they do, drawn once for every policy.

Orders are thinned from a Poisson process that is as fast as any policy can make it: each possible
order carries one number, and it happens where that number lies below the rate of its day. Whoever
is treated in another way therefore meets the same chances (common random numbers), and what is
different is the policy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from joren.project.simulation.population import Flags, Floats, Ints
from joren.project.simulation.worlds.calibration import (
    BETWEEN,
    CDNOW,
    MAILED,
    ORDER_YEN,
    SEASON,
    WEEK,
    paces,
)
from joren.project.simulation.worlds.world import EARLY_DAYS, YEAR

HISTORY: Final = 730
"""Days before the action in which customers have come, evenly."""
FASTEST: Final = 2.0
"""The most that any policy multiplies a rate by."""


@dataclass(frozen=True, eq=False)
class Possible:
    """Orders that may happen, by customer; ``luck`` is thinned by the rate, ``value`` is in yen.

    ``early`` is a moment within the first 30 days and ``moves`` a luck of its own, for orders that
    come earlier than they would.
    """

    customer: Ints
    moment: Floats
    luck: Floats
    value: Floats
    early: Floats
    moves: Floats


@dataclass(frozen=True, eq=False)
class People:
    """Moments are days from the action on. ``leaves`` is the natural one; ``hazard`` per day.

    ``ready`` and ``affinity`` (1 on average, at most 2) say how a customer takes an action or a
    discount, ``signs_off`` is the luck by which consent is withdrawn. ``before`` are the orders
    until the action: first ones, and what followed; ``level`` is what an order of theirs is worth
    on average, in yen.
    """

    arrived: Floats
    rate: Floats
    hazard: Floats
    leaves: Floats
    ready: Floats
    affinity: Floats
    mailed: Flags
    signs_off: Floats
    lot: Floats
    before: Possible
    possible: Possible
    pace: Floats
    level: Floats

    @property
    def size(self) -> int:
        return int(self.arrived.size)

    def treated(self, held_out: float) -> Flags:
        """All but a share of them, by lot."""
        found: Flags = np.argsort(np.argsort(self.lot)) >= round(held_out * self.size)
        return found


def draw_people(
    rng: np.random.Generator, customers: int, *, on: date, rare: float, spread: float
) -> People:
    """Customers of two years, on the day of an action, with a year of possible orders ahead."""
    arrived = -np.sort(rng.random(customers) * HISTORY)[::-1]
    rate = rng.gamma(CDNOW.r, 1 / (CDNOW.alpha * WEEK * rare), customers)
    hazard = rng.gamma(CDNOW.s, 1 / (CDNOW.beta * WEEK), customers)
    with np.errstate(over="ignore", divide="ignore"):
        leaves = arrived + rng.standard_exponential(customers) / hazard
    ready, affinity = (2 * rng.beta(2, 2, customers) for _ in range(2))
    level = ORDER_YEN * np.exp(BETWEEN * rng.standard_normal(customers) - BETWEEN**2 / 2)
    mailed, signs_off, lot = (
        rng.random(customers) < MAILED,
        rng.random(customers),
        rng.random(customers),
    )
    past = paces(on - timedelta(days=HISTORY), HISTORY)
    ahead = paces(on, YEAR)
    top = max(SEASON)
    before = _possible(rng, rate * top, level, spread, arrived, np.minimum(leaves, 0.0))
    happened = before.luck * top < past[(before.moment + HISTORY).astype(np.int64)]
    here = leaves > 0
    span = np.where(here, float(YEAR), 0.0)
    possible = _possible(rng, rate * top * FASTEST, level, spread, np.zeros(customers), span)
    return People(
        arrived, rate, hazard, leaves, ready, affinity, mailed, signs_off, lot,
        _with_first(rng, arrived, level, spread, some(before, happened)), possible, ahead,
        level,
    )  # fmt: skip


def some(orders: Possible, which: Flags | Ints) -> Possible:
    """Some of the orders."""
    return Possible(
        orders.customer[which], orders.moment[which], orders.luck[which], orders.value[which],
        orders.early[which], orders.moves[which],
    )  # fmt: skip


def _possible(
    rng: np.random.Generator, pace: Floats, level: Floats, spread: float, begin: Floats, end: Floats
) -> Possible:
    length = np.maximum(end - begin, 0.0)
    customer = np.repeat(np.arange(pace.size), rng.poisson(pace * length))
    moment = begin[customer] + rng.random(customer.size) * length[customer]
    return _with_luck(rng, customer, moment, level, spread)


def _with_luck(
    rng: np.random.Generator, customer: Ints, moment: Floats, level: Floats, spread: float
) -> Possible:
    noise = np.exp(spread * rng.standard_normal(customer.size) - spread**2 / 2)
    luck, early, moves = (rng.random(customer.size) for _ in range(3))
    value = np.maximum(np.rint(level[customer] * noise), 100.0)
    return Possible(customer, moment, luck, value, early * EARLY_DAYS, moves)


def _with_first(
    rng: np.random.Generator, arrived: Floats, level: Floats, spread: float, later: Possible
) -> Possible:
    first = _with_luck(rng, np.arange(arrived.size), arrived, level, spread)
    both = Possible(
        *(np.concatenate(pair) for pair in zip(_parts(first), _parts(later), strict=True))
    )
    return some(both, np.lexsort((both.moment, both.customer)))


def _parts(orders: Possible) -> tuple[Ints, Floats, Floats, Floats, Floats, Floats]:
    return (orders.customer, orders.moment, orders.luck, orders.value, orders.early, orders.moves)
