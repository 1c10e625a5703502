"""What a customer's past comes down to: one row each, today or as of an earlier day.

Purchases of one shop day are one, so everything here stands on days with a purchase.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.understand.ltv.rules.exact import total


def purchase_days(purchases: ir.Table) -> ir.Table:
    """Days with a purchase (customer_id, day, revenue)."""
    return purchases.group_by("customer_id", day=purchases.ordered_on).agg(
        revenue=total(purchases.revenue)
    )


def summary(days: ir.Table, *, as_of: date) -> ir.Table:
    """Per customer frequency, recency, T and the spend of repeat days above zero.

    ``spend_days`` counts the days that ``monetary_value`` is the mean of.
    """
    seen = days.group_by("customer_id").agg(
        first_on=days.day.min(),
        last_on=days.day.max(),
        days=days.count(),
        first_revenue=days.revenue.argmin(days.day),
        paid_days=days.count(where=days.revenue > 0),
        paid=total(days.revenue, where=days.revenue > 0).fill_null(0),
    )
    first_paid = (seen.first_revenue > 0).ifelse(1, 0)
    rows = seen.mutate(
        frequency=seen.days - 1,
        recency=days_between(seen.first_on, seen.last_on),
        T=days_between(seen.first_on, ibis.literal(as_of)),
        spend_days=(seen.paid_days - first_paid).cast("int64"),
        spend=seen.paid - ibis.greatest(seen.first_revenue, 0),
    )
    return rows.mutate(
        monetary_value=(rows.spend_days > 0).ifelse(
            rows.spend.cast("float64") / rows.spend_days.cast("float64"), ibis.null("float64")
        )
    ).drop("days", "first_revenue", "paid_days", "paid")


def alike(summaries: ir.Table) -> ir.Table:
    """Customers with equal frequency, recency and T once, with their number, in order."""
    counted = summaries.group_by("frequency", "recency", "T").agg(customers=summaries.count())
    return counted.order_by("frequency", "T", "recency")


def spends_alike(summaries: ir.Table) -> ir.Table:
    """Customers with equal spend days and spend once, with their number, in order."""
    known = summaries.filter(summaries.spend_days > 0)
    counted = known.group_by("spend_days", "spend").agg(customers=known.count())
    return counted.order_by("spend_days", "spend")


def outlooks(days: ir.Table, *, cutoffs: Sequence[date], horizon: int) -> ir.Table:
    """Per customer what each cut-off saw before it and what came within ``horizon`` days after.

    All cut-offs in one pass over the days: columns ``days_0``, ``last_0``, ``after_0`` …
    """
    seen: dict[str, ir.Value] = {}
    for number, cutoff in enumerate(cutoffs):
        end = cutoff + timedelta(days=horizon)
        before = days.day <= cutoff
        seen[f"days_{number}"] = days.count(where=before)
        seen[f"last_{number}"] = days.day.max(where=before)
        seen[f"after_{number}"] = days.count(where=(days.day > cutoff) & (days.day <= end))
    return days.group_by("customer_id").agg(first_on=days.day.min(), **seen)


def outlook_at(outlooks: ir.Table, number: int, *, cutoff: date) -> ir.Table:
    """Unique rows (frequency, recency, T, after) of those who had bought by that cut-off."""
    there = outlooks.filter(outlooks.first_on <= cutoff)
    rows = there.select(
        frequency=there[f"days_{number}"] - 1,
        recency=days_between(there.first_on, there[f"last_{number}"]),
        T=days_between(there.first_on, ibis.literal(cutoff)),
        after=there[f"after_{number}"],
    )
    counted = rows.group_by("frequency", "recency", "T", "after").agg(customers=rows.count())
    return counted.order_by("frequency", "T", "recency", "after")


def days_between(first: ir.DateValue, last: ir.DateValue) -> ir.IntegerValue:
    """Shop days from one day to a later one."""
    return last.delta(first, unit="day").cast("int64")
