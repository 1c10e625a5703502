"""Shops whose truth is known, read as the page Effects reads them: is what it calls proven so?

In each world the same customers (the same draws) are treated in another way. A shop has 10,000 of
them, 1,000 left out; its profit is read every week for a quarter and after half a year and a year,
by the rules of ``joren.measure.experiments``, and once by plan after 90 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from joren.measure.experiments import rules
from joren.measure.experiments.contracts import LEVEL
from joren.measure.experiments.rules import Arm, Compared
from joren.science.arrays import Floats
from joren.science.inference import Effect, Spend, Verdict, permutation, wants_permutation
from joren.science.inference.sequential import any_time_level

CUSTOMERS, HELD = 10_000, 1_000
EDGES: Final = (*range(7, 85, 7), 90, 180, 365)
PLANNED: Final = EDGES.index(90)
SHAPE, RATE = 0.8, 120.0
ORDER, MARGIN, COST = 4_000.0, 0.4, 20.0


@dataclass(frozen=True)
class World:
    """What the action does to the rate of orders, in its first 30 days and after, and to what an
    order leaves; ``rare`` divides the rate, ``spread`` is that of an order's logarithm."""

    name: str
    early: float = 0.0
    later: float = 0.0
    margin: float = MARGIN
    cost: float = 0.0
    rare: float = 1.0
    spread: float = 0.7

    def truth(self, days: int) -> float:
        """Profit per customer that the action brings within so many days."""
        short, long = min(days, 30), max(days - 30, 0)
        before = MARGIN * (short + long)
        after = self.margin * (short * (1 + self.early) + long * (1 + self.later))
        return round(SHAPE / RATE / self.rare * ORDER * (after - before) - self.cost, 6)


WORLDS: Final = (
    World("no effect"),
    World("no effect, skewed", rare=30.0, spread=1.5),
    World("passing lift", early=0.5, cost=COST),
    World("pulled forward", early=0.5, later=-0.5 * 30 / 335),
    World("lasting lift", early=0.15, later=0.15, cost=COST),
    World("lift, fatigue, churn", early=0.5, later=-0.1, cost=COST),
    World("discount", early=0.2, later=0.2, margin=0.3, cost=COST),
    World("better retention", later=0.2, cost=COST),
)


def worlds(full: bool) -> None:
    """Of each world: truth held by intervals, tails, abstention, and what was wrongly proven."""
    shops = 1_000 if full else 200
    print(f"{shops} shops a world, {HELD:,} held out of {CUSTOMERS:,}; shares of shops")
    for world in WORLDS:
        planned: list[Effect] = []
        held: list[bool] = []
        wrong = late = right = 0
        for shop in range(shops):
            read = _read(world, np.random.default_rng((7, shop)))
            once = read[PLANNED](LEVEL)
            planned.append(once)
            days = [
                (day, at(any_time_level(rules.reached("campaign", day), LEVEL)))
                for day, at in zip(EDGES, read, strict=True)
            ]
            held.append(all(_holds(one, world.truth(day)) for day, one in days))
            wrong += any(_wrong(one, world.truth(day)) for day, one in days)
            right += any(_proven(one) for _, one in days[: PLANNED + 1])
            late += _proven(days[-1][1])
        print(f"{world.name:<22} {_said(world, planned)}  | daily: all held {np.mean(held):.3f}  "
              f"ever wrong {wrong / shops:.3f}  proven in a quarter {right / shops:.2f}, "
              f"at a year {late / shops:.2f}")  # fmt: skip


def _said(world: World, planned: list[Effect]) -> str:
    truth = world.truth(90)
    known = [one for one in planned if not one.too_small]
    above = np.mean([one.low > truth for one in known])
    below = np.mean([one.high < truth for one in known])
    proven = np.mean([_proven(one) for one in planned])
    wrong = np.mean([_wrong(one, truth) for one in planned])
    return (
        f"truth {truth:+7.1f} / year {world.truth(365):+7.1f}  look at 90: above {above:.3f} "
        f"below {below:.3f}  abstained {1 - proven:.2f}  wrong {wrong:.3f}"
    )


def _proven(one: Effect) -> bool:
    return one.verdict in (Verdict.HIGHER, Verdict.LOWER)


def _holds(one: Effect, truth: float) -> bool:
    return one.too_small or one.low <= truth <= one.high


def _wrong(one: Effect, truth: float) -> bool:
    if one.verdict is Verdict.HIGHER:
        return truth <= 0
    return one.verdict is Verdict.LOWER and truth >= 0


def _read(world: World, rng: np.random.Generator) -> list[rules.At]:
    """The difference in profit less the cost, at every look."""
    spent = _spent(world, rng)
    held = np.arange(CUSTOMERS) < HELD
    return [_at(world, spent[:, look], held) for look in range(len(EDGES))]


def _spent(world: World, rng: np.random.Generator) -> Floats:
    """What each customer spent up to each look; those held out are the first."""
    rate = rng.gamma(SHAPE, 1 / RATE / world.rare, CUSTOMERS)
    sums = np.zeros((CUSTOMERS, len(EDGES)))
    bounds = (0, *EDGES)
    for look, (begin, end) in enumerate(pairwise(bounds)):
        short = max(0, min(end, 30) - begin)
        lifted = short * (1 + world.early) + (end - begin - short) * (1 + world.later)
        length = np.where(np.arange(CUSTOMERS) < HELD, end - begin, lifted)
        orders = rng.poisson(rate * length)
        whose = np.repeat(np.arange(CUSTOMERS), orders)
        values = rng.lognormal(np.log(ORDER) - world.spread**2 / 2, world.spread, whose.size)
        np.add.at(sums[:, look], whose, values)
    found: Floats = np.cumsum(sums, axis=1)
    return found


def _at(world: World, spent: Floats, held: Floats) -> rules.At:
    profits = (MARGIN * spent[held], world.margin * spent[~held])
    buyers = [one[one > 0] for one in profits]
    control, treated = (Spend.of(one.size, some) for one, some in zip(profits, buyers, strict=True))
    p = None
    if wants_permutation(control, treated):
        p = permutation(*buyers, (control.n, treated.n), np.random.default_rng(1), 999)
    both = Compared(
        Arm(CUSTOMERS - HELD, 0, 0, 0, treated, treated), Arm(HELD, 0, 0, 0, control, control),
        p, p,
    )  # fmt: skip
    read = rules.profit_at(both)
    return lambda level: read(level).net_of(world.cost)
