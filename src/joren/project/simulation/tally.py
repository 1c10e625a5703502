"""What a run of customers adds up to. Sums of parts are the sums of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joren.project.simulation import catalogue
from joren.project.simulation.money import Orders, Sales
from joren.project.simulation.population import Flags, Floats, Ints, Population
from joren.project.simulation.purchases import deliveries_due
from joren.project.simulation.scenario import STORES, Scenario
from joren.project.simulation.season import FUTURE_DAYS, Season

RENEWALS = 24
Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Tally:
    """Sums by segment unless said otherwise; whole numbers except what is expected."""

    sums: dict[str, Counts]

    def __add__(self, other: Tally) -> Tally:
        return Tally({name: value + other.sums[name] for name, value in self.sums.items()})

    def of(self, name: str) -> Counts:
        """One sum in all its places."""
        return self.sums[name]

    def whole(self, name: str) -> int:
        """One sum over all places."""
        return round(float(self.sums[name].sum()))


def tally(people: Population, sales: Sales, scenario: Scenario, season: Season) -> Tally:
    """Count past and future of these customers."""
    by_segment = people.segment[sales.orders.customer]
    past = sales.orders.moment < season.today
    sums = (
        _people_sums(people, scenario)
        | _order_sums(sales, by_segment, past, scenario, season)
        | _second_order_sums(people, sales.orders, scenario, season)
        | _renewal_sums(people, scenario, season)
        | _expected_sums(people, sales.orders, past, scenario, season)
    )
    return Tally(sums)


def _per(place: Ints, size: int, amount: NDArray[np.generic] | None = None) -> Counts:
    return np.bincount(place, weights=amount, minlength=size).astype(np.float64)


def _people_sums(people: Population, scenario: Scenario) -> dict[str, Counts]:
    segments = len(scenario.segments)
    return {
        "customers": _per(people.segment, segments),
        "acquired_by_source": _per(people.source, len(scenario.sources)),
    }


def _order_sums(
    sales: Sales, by_segment: Ints, past: Flags, scenario: Scenario, season: Season
) -> dict[str, Counts]:
    orders = sales.orders
    done = ~orders.cancelled
    refunded = done & (orders.refund > 0) & (orders.refund_moment < season.today)
    revenue = revenue_tax_excluded(sales)

    def add(kept: Flags, amount: NDArray[np.generic] | None = None) -> Counts:
        weights = None if amount is None else amount[kept]
        return _per(by_segment[kept], len(scenario.segments), weights)

    return {
        "orders": add(past),
        "orders_by_store": _per(orders.store[past], len(STORES)),
        "cancelled": add(past & orders.cancelled),
        "lines": add(past, np.bincount(sales.lines.order, minlength=past.size)),
        "goods": add(past & done, orders.goods),
        "charged": add(past & done, orders.total),
        "revenue": add(past & done, revenue),
        "refunds": add(past & refunded),
        "refunded": add(past & refunded, orders.refund),
        "future_orders": add(~past),
        "future_charged": add(~past & done, orders.total),
        "future_revenue": add(~past & done, revenue),
        "log_goods": add(past, np.log(orders.goods)),
        "log_goods_squared": add(past, np.log(orders.goods) ** 2),
    }


def revenue_tax_excluded(sales: Sales) -> Floats:
    """Goods after the discounts that the shop pays plus postage charged, without tax, unrounded."""
    orders, lines = sales.orders, sales.lines
    net = lines.goods - lines.discount
    untaxed = net * 100.0 / (100 + catalogue.column("tax_rate")[lines.product])
    goods = np.bincount(lines.order, weights=untaxed, minlength=orders.total.size)
    after_coupon = 1.0 - orders.coupon / np.maximum(orders.goods - orders.line_discount, 1)
    revenue: Floats = goods * after_coupon + orders.shipping_charged / 1.1
    return revenue


def _second_order_sums(
    people: Population, orders: Orders, scenario: Scenario, season: Season
) -> dict[str, Counts]:
    """F2 over those who have been customers for at least a year."""
    segments = len(scenario.segments)
    old = people.arrival <= season.today - FUTURE_DAYS
    second = orders.customer[orders.rank == 1]
    gap = orders.moment[orders.rank == 1] - people.arrival[second]
    came_back = second[(gap <= FUTURE_DAYS) & old[second]]
    return {
        "a_year_old": _per(people.segment[old], segments),
        "came_back_in_a_year": _per(people.segment[came_back], segments),
    }


def _renewal_sums(people: Population, scenario: Scenario, season: Season) -> dict[str, Counts]:
    """Place k - 1 counts the subscriptions whose k-th renewal fell due, and who renewed."""
    due = deliveries_due(people, scenario, season.today) - 1
    begun = (people.deliveries > 0) & (people.plan_start < season.today)
    renewals = np.arange(1, RENEWALS + 1)
    reached = begun[:, None] & (due[:, None] >= renewals) & (people.deliveries[:, None] >= renewals)
    renewed = reached & (people.deliveries[:, None] > renewals)
    return {
        "subscribers": _per(people.segment[begun], len(scenario.segments)),
        "renewals_due": reached.sum(axis=0).astype(np.float64),
        "renewals_made": renewed.sum(axis=0).astype(np.float64),
    }


def _expected_sums(
    people: Population, orders: Orders, past: Flags, scenario: Scenario, season: Season
) -> dict[str, Counts]:
    """Orders to expect in the coming year from all that is hidden and all that has happened."""
    single = (orders.delivery == 0) | (orders.rank == 0)
    bought = np.bincount(orders.customer[past & single], minlength=people.size)
    stays = bought < people.lifetime_purchases
    ahead = season.elapsed[-1] - season.clock(np.array([season.today]))[0]
    singles = -np.expm1(-people.rate * people.drop_out * ahead) / people.drop_out
    expected = np.where(stays, singles, 0.0) + _expected_deliveries(people, scenario, season)
    segments = len(scenario.segments)
    return {
        "staying": _per(people.segment[stays], segments),
        "expected_orders": _per(people.segment, segments, expected),
    }


def _expected_deliveries(people: Population, scenario: Scenario, season: Season) -> Floats:
    sent = deliveries_due(people, scenario, season.today)
    room = deliveries_due(people, scenario, season.end) - sent
    keeps = 1.0 - people.plan_churn
    geometric = -np.expm1(room * np.log1p(-np.minimum(people.plan_churn, 1 - 1e-12)))
    renewals = keeps * geometric / people.plan_churn
    active = (people.deliveries > 0) & (people.deliveries >= sent)
    return np.where(active, np.where(sent == 0, geometric / people.plan_churn, renewals), 0.0)
