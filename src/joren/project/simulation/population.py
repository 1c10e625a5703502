"""Who the customers are: what no shop ever sees of them, and what decides all that it does see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joren.project.simulation.catalogue import PRODUCTS, monthly_choice, plan_choice
from joren.project.simulation.prefectures import PREFECTURES
from joren.project.simulation.scenario import STORES, Scenario
from joren.project.simulation.season import Season

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_RAREST = 1e-9  # a chance of exactly 0 would mean a geometric number without end


@dataclass(frozen=True)
class Population:
    """A run of neighbouring customers; positions of all other tables point into it.

    `number` counts all customers of the shop from 0, in the order in which they came.
    `rate` is purchases per day of business time, `drop_out` the chance to leave after each.
    `deliveries` is 0 for those who never subscribe.
    """

    number: Ints
    arrival: Floats
    source: Ints
    campaign: Ints
    prefecture: Ints
    segment: Ints
    home: Ints
    crosses: Flags
    rate: Floats
    drop_out: Floats
    lifetime_purchases: Ints
    appetite: Floats
    favourite: Ints
    plan: Ints
    plan_churn: Floats
    plan_start: Floats
    deliveries: Ints

    @property
    def size(self) -> int:
        """How many people."""
        return int(self.number.size)


@dataclass(frozen=True)
class Places:
    """Which customers of how many this is."""

    first: int
    size: int
    total: int


def draw_population(
    rng: np.random.Generator, scenario: Scenario, season: Season, places: Places
) -> Population:
    """Draw customers whose numbers rise with the day they came.

    One arrival per equal slice of the arrival curve: where the customers are cut into parts
    changes nothing about the curve.
    """
    size = places.size
    number = np.arange(places.first, places.first + size, dtype=np.int64)
    arrival = season.arrival((number + rng.random(size)) / places.total)
    source = rng.choice(len(scenario.sources), size, p=[s.share for s in scenario.sources])
    segment = _chosen(rng, np.array([s.segments for s in scenario.sources]), source)
    drop_out = np.maximum(
        rng.beta(_of(scenario, "drop_a")[segment], _of(scenario, "drop_b")[segment]), _RAREST
    )
    shape = _of(scenario, "appetite_shape")[segment]
    plan_churn, plan_start, deliveries = _subscriptions(rng, scenario, arrival, segment)
    homes = np.array([STORES.index(s.store) for s in scenario.sources], dtype=np.int64)
    return Population(
        number=number,
        arrival=arrival,
        source=source,
        campaign=_campaigns(rng, scenario, source),
        prefecture=rng.choice(len(PREFECTURES), size, p=_crowds()),
        segment=segment,
        home=homes[source],
        crosses=rng.random(size) < scenario.crossover,
        rate=_rates(rng, scenario, segment),
        drop_out=drop_out,
        lifetime_purchases=rng.geometric(drop_out),
        appetite=rng.gamma(shape, 1.0 / shape),
        favourite=_chosen(rng, _yearly_choice(scenario), segment),
        plan=rng.choice(len(PRODUCTS), size, p=plan_choice()),
        plan_churn=plan_churn,
        plan_start=plan_start,
        deliveries=deliveries,
    )


def _rates(rng: np.random.Generator, scenario: Scenario, segment: Ints) -> Floats:
    shape, scale = _of(scenario, "rate_shape")[segment], _of(scenario, "rate_scale")[segment]
    return rng.gamma(shape, scenario.rate_factor / scale)


def _subscriptions(
    rng: np.random.Generator, scenario: Scenario, arrival: Floats, segment: Ints
) -> tuple[Floats, Floats, Ints]:
    plan = scenario.subscription
    size = arrival.size
    subscribes = rng.random(size) < _of(scenario, "subscribes")[segment]
    churn = np.maximum(rng.beta(plan.churn_alpha, plan.churn_beta, size), _RAREST)
    at_once = rng.random(size) < plan.with_first_order
    delay = np.where(at_once, 0.0, rng.exponential(plan.later_mean_days, size))
    return churn, arrival + delay, np.where(subscribes, rng.geometric(churn), 0)


def _campaigns(rng: np.random.Generator, scenario: Scenario, source: Ints) -> Ints:
    count = np.array([max(1, len(s.campaigns)) for s in scenario.sources], dtype=np.int64)
    return (rng.random(source.size) * count[source]).astype(np.int64)


def _crowds() -> Floats:
    people: Floats = np.array([prefecture.millions for prefecture in PREFECTURES])
    shares: Floats = people / people.sum()
    return shares


def _yearly_choice(scenario: Scenario) -> Floats:
    return np.array([monthly_choice(segment.taste).mean(axis=0) for segment in scenario.segments])


def _of(scenario: Scenario, field: str) -> Floats:
    return np.array([getattr(segment, field) for segment in scenario.segments], dtype=np.float64)


def _chosen(rng: np.random.Generator, chances: Floats, row: Ints) -> Ints:
    """One column per row number, each with its row's chances."""
    return choose(chances, row, rng.random(row.size))


def choose(chances: Floats, row: Ints, quantile: Floats) -> Ints:
    """The column at which the row's chances add up to the quantile: one search for all rows."""
    heights = np.minimum(np.cumsum(chances, axis=1), 1.0)
    heights[:, -1] = 1.0  # rounding must not let a quantile fall off the end of its row
    ladder = (heights + np.arange(len(chances))[:, None]).ravel()
    found = np.searchsorted(ladder, quantile + row, side="right")
    column: Ints = np.minimum(found - row * chances.shape[1], chances.shape[1] - 1)
    return column
