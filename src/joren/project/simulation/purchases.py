"""When customers order: first orders, later ones while they stay, deliveries of subscriptions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joren.project.simulation.population import Floats, Ints, Population
from joren.project.simulation.scenario import Scenario
from joren.project.simulation.season import Season


@dataclass(frozen=True)
class Purchases:
    """One row per order, past and future, sorted by moment.

    `rank` is 0 for a customer's first order; `delivery` is 定期回数, 0 for a single order.
    """

    customer: Ints
    moment: Floats
    delivery: Ints
    rank: Ints
    store: Ints


def draw_purchases(
    rng: np.random.Generator, people: Population, scenario: Scenario, season: Season
) -> Purchases:
    """Draw every order from the first until a year after the as-of day."""
    every = np.arange(people.size)
    repeat_customer, repeat_moment = _repeats(rng, people, season)
    plan_customer, plan_moment, plan_delivery = _deliveries(people, scenario, season)
    joins = (people.deliveries > 0) & (people.plan_start == people.arrival)
    first_delivery = joins.astype(np.int64)
    # The first delivery of those who subscribe at once is their first order, not one more.
    extra = ~((plan_delivery == 1) & joins[plan_customer])
    customer = np.concatenate((every, repeat_customer, plan_customer[extra]))
    moment = np.concatenate((people.arrival, repeat_moment, plan_moment[extra]))
    nothing = np.zeros(repeat_customer.size, dtype=np.int64)
    delivery = np.concatenate((first_delivery, nothing, plan_delivery[extra]))
    order = np.argsort(moment, kind="stable")
    customer, delivery = customer[order], delivery[order]
    rank = _ranks(customer)
    # Only single orders after the first stray: who came through an ad ordered where it led.
    strays = (rank > 0) & (delivery == 0) & people.crosses[customer]
    strays &= rng.random(customer.size) >= scenario.home_loyalty
    home = people.home[customer]
    return Purchases(
        customer=customer,
        moment=moment[order],
        delivery=delivery,
        rank=rank,
        store=np.where(strays, 1 - home, home),
    )


def _repeats(rng: np.random.Generator, people: Population, season: Season) -> tuple[Ints, Floats]:
    """A Poisson process on the business clock, cut where the customer has left."""
    begin = season.clock(people.arrival)
    span = season.elapsed[-1] - begin
    count = rng.poisson(people.rate * span)
    customer = np.repeat(np.arange(people.size), count)
    clock = begin[customer] + span[customer] * rng.random(customer.size)
    clock = clock[np.lexsort((clock, customer))]
    place = np.arange(customer.size) - np.repeat(np.cumsum(count) - count, count)
    stays = place < people.lifetime_purchases[customer] - 1
    return customer[stays], season.moment(clock[stays])


def deliveries_due(people: Population, scenario: Scenario, until: float) -> Ints:
    """How many deliveries the calendar has room for before a moment."""
    room = np.ceil((until - people.plan_start) / scenario.subscription.cycle_days)
    return np.maximum(room, 0).astype(np.int64)


def _deliveries(
    people: Population, scenario: Scenario, season: Season
) -> tuple[Ints, Floats, Ints]:
    count = np.minimum(people.deliveries, deliveries_due(people, scenario, season.end))
    customer = np.repeat(np.arange(people.size), count)
    place = np.arange(customer.size) - np.repeat(np.cumsum(count) - count, count)
    moment = people.plan_start[customer] + place * float(scenario.subscription.cycle_days)
    return customer, moment, place + 1


def _ranks(customer: Ints) -> Ints:
    """How many orders of the same customer stand before each, in a list sorted by moment."""
    grouped = np.argsort(customer, kind="stable")
    sizes = np.bincount(customer)
    ranks = np.empty(customer.size, dtype=np.int64)
    ranks[grouped] = np.arange(customer.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return ranks
