"""What is in each order: units of products that add up to lines, one line per product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joren.project.simulation import catalogue
from joren.project.simulation.catalogue import PLAN, PRODUCTS
from joren.project.simulation.population import Floats, Ints, Population, choose
from joren.project.simulation.purchases import Purchases
from joren.project.simulation.scenario import Scenario
from joren.project.simulation.season import Season

_ADD_ON = 0.15  # extra units in a box of a subscription, on average


@dataclass(frozen=True)
class Lines:
    """One row per order and product; yen with tax; sorted by order."""

    order: Ints
    product: Ints
    quantity: Ints
    unit_discount: Ints

    @property
    def unit_price(self) -> Ints:
        """The price on the shelf, before the subscription's discount."""
        return catalogue.column("price")[self.product]

    @property
    def goods(self) -> Ints:
        """Each line at the price on the shelf."""
        return self.unit_price * self.quantity

    @property
    def discount(self) -> Ints:
        """What the subscription takes off each line."""
        return self.unit_discount * self.quantity


def draw_lines(
    rng: np.random.Generator,
    purchases: Purchases,
    people: Population,
    scenario: Scenario,
    season: Season,
) -> Lines:
    """Fill the orders; what is drawn twice in an order becomes quantity 2 of one line."""
    units = draw_units(rng, purchases, people, scenario)
    order = np.repeat(np.arange(units.size), units)
    product = _products(rng, order, purchases, people, scenario, season)
    subscribed = purchases.delivery > 0
    opens = np.cumsum(units) - units
    product[opens[subscribed]] = people.plan[purchases.customer[subscribed]]
    packed, quantity = np.unique(order * len(PRODUCTS) + product, return_counts=True)
    order, product = np.divmod(packed, len(PRODUCTS))
    return Lines(
        order=order,
        product=product,
        quantity=quantity.astype(np.int64),
        unit_discount=_plan_discount(product, purchases.delivery[order], scenario),
    )


def draw_units(
    rng: np.random.Generator, purchases: Purchases, people: Population, scenario: Scenario
) -> Ints:
    """How many units each order holds: a big household's orders are all bigger."""
    extra = np.array([segment.extra_units for segment in scenario.segments])
    customer = purchases.customer
    mean = extra[people.segment[customer]] * people.appetite[customer] * scenario.units_factor
    return 1 + rng.poisson(np.where(purchases.delivery > 0, _ADD_ON, mean))


def taste_table(scenario: Scenario) -> Floats:
    """Chance of each product, one row per segment and month of the year."""
    return np.concatenate([catalogue.monthly_choice(s.taste) for s in scenario.segments])


def _products(
    rng: np.random.Generator,
    order: Ints,
    purchases: Purchases,
    people: Population,
    scenario: Scenario,
    season: Season,
) -> Ints:
    customer = purchases.customer[order]
    month = season.months[purchases.moment.astype(np.int64)][order]
    row = people.segment[customer] * 12 + month
    drawn = choose(taste_table(scenario), row, rng.random(order.size))
    loyal = rng.random(order.size) < scenario.favourite
    return np.where(loyal, people.favourite[customer], drawn)


def _plan_discount(product: Ints, delivery: Ints, scenario: Scenario) -> Ints:
    plan = scenario.subscription
    is_plan = np.array([item.category == PLAN for item in PRODUCTS])[product]
    percent = np.where(delivery == 1, plan.first_discount_percent, plan.later_discount_percent)
    return np.where(is_plan, catalogue.column("price")[product] * percent // 100, 0)
