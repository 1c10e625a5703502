"""Shops of the package's worlds (``joren simulate world``), read as the page Effects reads them.

A shop has 10,000 customers; all worlds of one shop share its people and their chances. Its profit
is read every week for a quarter and after half a year and a year by the rules of
``joren.measure.experiments``, at the level of one look and at that of daily looking; what is
expected of the year is told after 30 days, by Pareto/NBD with the parameters of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

import numpy as np

from joren.measure.experiments import rules
from joren.measure.experiments.contracts import LEVEL
from joren.measure.experiments.rules import Arm, Compared
from joren.measure.experiments.rules.adjusting import BEFORE_DAYS, COVARIATES, LATELY_DAYS
from joren.project.simulation.scenario import DEFAULT_AS_OF
from joren.project.simulation.worlds import WORLDS, Lives, People, World, draw_people, lived
from joren.project.simulation.worlds import profits as gained
from joren.project.simulation.worlds.calibration import CDNOW, MARGIN, ORDER_YEN, WEEK
from joren.project.simulation.worlds.people import HISTORY
from joren.project.simulation.worlds.world import YEAR
from joren.science.arrays import Floats
from joren.science.clv.pareto_nbd import given
from joren.science.clv.summary import Summary
from joren.science.inference import Effect, Moments, Spend, permutation, wants_permutation

CUSTOMERS: Final = 10_000
EDGES: Final = (*range(7, 29, 7), 30, *range(35, 85, 7), 90, 180, YEAR)
TOLD, PLANNED, LAST = EDGES.index(30), EDGES.index(90), EDGES.index(YEAR)
SEED: Final = 7
ON: Final = DEFAULT_AS_OF - timedelta(days=89)
"""The day of the action, as `joren simulate world` has it where nobody says another."""

Flags = np.ndarray


@dataclass(frozen=True)
class Projecting:
    """What a projection after 30 days stands on: the realised part, and both arms."""

    realised: rules.At
    control: Moments
    treated: Moments


@dataclass(frozen=True, eq=False)
class Shop:
    """One shop of one world: every look daily, the planned one and the year's by themselves."""

    world: World
    daily: tuple[Effect, ...]
    planned: Effect
    year: Effect
    planned_adjusted: Effect
    year_adjusted: Effect
    saved: tuple[float, float]  # of the variance, after 90 days and a year
    early: Projecting
    gain: Floats  # what treating everybody rather than nobody really brings, at each look
    worth: float  # profit of a year of whoever is not treated


def shops(count: int, on_shop: Callable[[int], None]) -> Iterator[Shop]:
    """So many shops in each world."""
    for shop in range(count):
        by_people = groupby(sorted(WORLDS, key=_of_one), key=_of_one)
        for place, ((rare, spread), worlds) in enumerate(by_people):
            rng = np.random.default_rng((SEED, shop, place))
            people = draw_people(rng, CUSTOMERS, on=ON, rare=rare, spread=spread)
            nobody = _sums(people, lived(people, WORLDS[0], np.zeros(CUSTOMERS, dtype=np.bool_)))
            for world in worlds:
                yield _shop(people, world, nobody)
        on_shop(shop + 1)


def _of_one(world: World) -> tuple[float, float]:
    return world.of_one_shop


def _sums(people: People, lives: Lives) -> Floats:
    return gained(lives, people.size, EDGES)


def _shop(people: People, world: World, nobody: Floats) -> Shop:
    treated = people.treated(world.held_out)
    lives = lived(people, world, treated)
    sums = _sums(people, lives)
    everybody = _sums(people, lived(people, world, np.ones(people.size, dtype=np.bool_)))
    looks = [_at(world, sums[:, look], treated) for look in range(len(EDGES))]
    daily = tuple(
        rules.until_now(at, "campaign", day) for day, at in zip(EDGES, looks, strict=True)
    )
    expected, before = _expected(people, lives, world), _before(people)
    control, other = (
        Moments.of(
            {
                "realised": sums[arm, TOLD], "projected": expected[arm],
                "planned": sums[arm, PLANNED], "year": sums[arm, LAST],
                **{name: known[arm] for name, known in before.items()},
            }
        )
        for arm in (~treated, treated)
    )  # fmt: skip
    sharper = rules.adjusting.sharper(control, other, ("planned", "year"))
    assert sharper
    adjusted = [
        sharper.at(looks[look], name)(LEVEL)
        for look, name in ((PLANNED, "planned"), (LAST, "year"))
    ]
    gain = (everybody - nobody).mean(axis=0) - world.cost
    return Shop(
        world, daily, looks[PLANNED](LEVEL), looks[LAST](LEVEL), adjusted[0], adjusted[1],
        (sharper.saved("planned"), sharper.saved("year")),
        Projecting(looks[TOLD], control, other), gain, float(nobody[:, LAST].mean()),
    )  # fmt: skip


def _at(world: World, spent: Floats, treated: Flags) -> rules.At:
    """The difference in profit less the cost, at any level."""
    profits = spent[~treated], spent[treated]
    buyers = [one[one > 0] for one in profits]
    control, other = (Spend.of(one.size, some) for one, some in zip(profits, buyers, strict=True))
    p = None
    if wants_permutation(control, other):
        sizes = (control.n, other.n)
        p = permutation(*buyers, sizes, np.random.default_rng(1), 999)
    arms = (Arm(int(one.n), 0, 0, 0, one, one) for one in (other, control))
    read = rules.profit_at(Compared(*arms, p, p))
    return lambda level: read(level).net_of(world.cost)


def _before(people: People) -> dict[str, Floats]:
    """COVARIATES, as the page has them."""
    before, age = people.before, -people.before.moment
    year, lately = age <= BEFORE_DAYS, age <= LATELY_DAYS

    def summed(which: Flags, weights: Floats | None = None) -> Floats:
        some = None if weights is None else weights[which]
        found = np.bincount(before.customer[which], weights=some, minlength=people.size)
        return np.asarray(found, dtype=np.float64)

    return dict(
        zip(
            COVARIATES, (summed(year, before.value), summed(year), summed(lately)), strict=True
        )
    )  # fmt: skip


def _expected(people: People, lives: Lives, world: World) -> Floats:
    """What is left of each customer's first year, by a model that knows of no action."""
    day = EDGES[TOLD]
    inside = lives.moment < day
    who = np.concatenate((people.before.customer, lives.customer[inside]))
    moment = np.concatenate((people.before.moment, lives.moment[inside]))
    orders = np.bincount(who, minlength=people.size)
    newest = np.full(people.size, -float(HISTORY))
    np.maximum.at(newest, who, moment)
    summary = Summary(orders - 1.0, (newest - people.arrived) / WEEK, (day - people.arrived) / WEEK)
    model = given(r=CDNOW.r, alpha=CDNOW.alpha * world.rare, s=CDNOW.s, beta=CDNOW.beta)
    ahead = model.conditional_expected_purchases(summary, YEAR / WEEK)
    found: Floats = ahead * (YEAR - day) / YEAR * ORDER_YEN * MARGIN
    return found
