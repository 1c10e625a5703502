"""Bend the shop to a wanted size of history: a benchmark asks for orders, not for rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from joren.core.errors import BadInput
from joren.project.simulation.baskets import draw_units, taste_table
from joren.project.simulation.population import Places, Population, draw_population
from joren.project.simulation.purchases import deliveries_due, draw_purchases
from joren.project.simulation.scenario import Scenario
from joren.project.simulation.season import Season

_PILOT = 4096
_STEPS = 24
_PILOT_SEED = 1


def tuned(
    scenario: Scenario,
    season: Season,
    *,
    orders_per_customer: float | None,
    lines_per_order: float | None,
) -> Scenario:
    """The scenario whose means come nearest to those asked for; None leaves them as they are."""
    if orders_per_customer is not None:
        scenario = _with_orders(scenario, season, orders_per_customer)
    if lines_per_order is not None:
        scenario = _with_lines(scenario, season, lines_per_order)
    return scenario


def _with_orders(scenario: Scenario, season: Season, wanted: float) -> Scenario:
    def mean(factor: float) -> float:
        return _orders_per_customer(replace(scenario, rate_factor=factor), season)

    return replace(scenario, rate_factor=_solved(mean, wanted, "orders per customer"))


def _with_lines(scenario: Scenario, season: Season, wanted: float) -> Scenario:
    def mean(factor: float) -> float:
        return _lines_per_order(replace(scenario, units_factor=factor), season)

    return replace(scenario, units_factor=_solved(mean, wanted, "lines per order"))


def _solved(mean: Callable[[float], float], wanted: float, what: str) -> float:
    """Bisect on the logarithm of the factor; both means rise with it."""
    low, high = 1e-3, 1e3
    least, most = mean(low), mean(high)
    if not least <= wanted <= most:
        raise BadInput(
            f"{wanted} {what} asked", hint=f"this shop can have {least:.2f} to {most:.2f}"
        )
    for _ in range(_STEPS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if mean(middle) < wanted else (low, middle)
    return float((low * high) ** 0.5)


def _orders_per_customer(scenario: Scenario, season: Season) -> float:
    """First order, what MBG/NBD expects after it, and the deliveries until the as-of day."""
    people = _pilot(scenario, season)
    today = np.array([season.today])
    span = np.maximum(season.clock(today) - season.clock(people.arrival), 0.0)
    spent = -np.expm1(-people.rate * people.drop_out * span)
    singles = (1.0 - people.drop_out) * spent / people.drop_out
    sent = np.minimum(people.deliveries, deliveries_due(people, scenario, season.today))
    at_once = (people.deliveries > 0) & (people.plan_start == people.arrival)
    return float((1.0 + singles + sent - at_once).mean())


def _lines_per_order(scenario: Scenario, season: Season) -> float:
    """Different products among the units of an order, from the yearly chances of its segment."""
    people = _pilot(scenario, season)
    rng = np.random.default_rng(_PILOT_SEED)
    purchases = draw_purchases(rng, people, scenario, season)
    units = draw_units(rng, purchases, people, scenario)
    boxed = purchases.delivery > 0
    tastes = taste_table(scenario).reshape(len(scenario.segments), 12, -1).mean(axis=1)
    chances = tastes[people.segment[purchases.customer]] * (1.0 - scenario.favourite)
    rows = np.arange(units.size)
    chances[rows, people.favourite[purchases.customer]] += scenario.favourite
    missed = (1.0 - chances) ** (units - boxed)[:, None]
    return float((boxed + (1.0 - missed).sum(axis=1)).mean())


def _pilot(scenario: Scenario, season: Season) -> Population:
    # The pilot's own chance: the same shop is meant whatever seed its people are drawn with.
    rng = np.random.default_rng(_PILOT_SEED)
    return draw_population(rng, scenario, season, Places(0, _PILOT, _PILOT))
