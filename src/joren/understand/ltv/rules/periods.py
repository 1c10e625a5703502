"""The formula LTV of a year: average order value × orders per customer and year × years kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from joren.core.period import Period
from joren.understand.ltv.rules.summary import days_between
from joren.warehouse.sums import total

YEAR = 365


@dataclass(frozen=True)
class PeriodSums:
    """What the customers who bought in a period add up to.

    ``tenure`` is the sum of their days from first purchase to last, up to the period's end.
    """

    customers: int
    orders: int
    revenue: int
    tenure: int


def period_sums(purchases: ir.Table, period: Period) -> ir.Table:
    """One row of sums over those who bought in the period."""
    until = purchases.filter(purchases.ordered_on <= period.last)
    within = until.ordered_on >= period.first
    people = until.group_by("customer_id").agg(
        first_on=until.ordered_on.min(),
        last_on=until.ordered_on.max(),
        orders=until.count(where=within),
        revenue=total(until.revenue, where=within),
    )
    active = people.filter(people.orders > 0)
    return active.agg(
        customers=active.count(),
        orders=total(active.orders),
        revenue=total(active.revenue),
        tenure=total(days_between(active.first_on, active.last_on)),
    )


def credited_within(credits: ir.Table, period: Period) -> ir.Table:
    """Credit notes of the period: they reduce its revenue."""
    notes = credits.filter(
        (credits.credited_on >= period.first) & (credits.credited_on <= period.last)
    )
    return notes.agg(amount=total(notes.amount))


def formula_terms(sums: PeriodSums) -> Mapping[str, float] | None:
    """The three factors; None where nobody bought or more was given back than brought.

    A purchase serves until the next is due, so one mean interval between purchases is added to the
    years from first to last: then somebody who bought once is worth their one order, not nothing.
    """
    if not sums.orders or sums.revenue < 0:
        return None
    frequency = sums.orders / sums.customers
    return {
        "order_value": sums.revenue / sums.orders,
        "purchase_frequency": frequency,
        "duration": sums.tenure / sums.customers / YEAR + 1 / frequency,
    }
