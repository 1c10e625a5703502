"""What a customer's past comes down to: one row each, today or as of an earlier day.

Purchases of one shop day are one, so everything here stands on days with a purchase.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.warehouse.sums import total, total_if_any


def purchase_days(purchases: ir.Table) -> ir.Table:
    """Days with a purchase (customer_id, day, revenue)."""
    return purchases.group_by("customer_id", day=purchases.ordered_on).agg(
        revenue=total_if_any(purchases.revenue)
    )


def visits(purchases: ir.Table) -> ir.Table:
    """The days with a purchase, each with its number (``nth``), the next one (null on the last) and
    the first; ``subscription`` where one of its orders came of a contract."""
    days = purchases.group_by("customer_id", day=purchases.ordered_on).agg(
        revenue=total_if_any(purchases.revenue),
        subscription=purchases.subscription.fill_null(False).any(),
    )
    in_time = ibis.window(group_by="customer_id", order_by="day")
    return days.mutate(
        nth=(ibis.row_number().over(in_time) + 1).cast("int64"),
        next_on=days.day.lead().over(in_time),
        first_on=days.day.first().over(in_time),
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
        paid=total(days.revenue, where=days.revenue > 0),
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


def sampled(days: ir.Table, *, customers: int, size: int) -> ir.Table:
    """The days of about ``size`` of the customers, drawn by a hash of their number.

    Without chance, so that the same shop is judged by the same customers on every engine.
    """
    if customers <= size:
        return days
    mixed = (days.customer_id % _HASH) * _MULTIPLIER % _HASH
    return days.filter(mixed < _HASH * size // customers)


def outlooks(days: ir.Table, *, cutoffs: Sequence[date], horizon: int) -> ir.Table:
    """Per customer what each cut-off saw before it and what came within ``horizon`` days after.

    All cut-offs in one pass over the days. Columns by cut-off: ``days_0`` and ``last_0`` before it;
    ``paid_0`` and ``money_0``, of the days above zero; and ``after_…`` the same of the days after,
    with ``after_revenue_0``, which counts what was given back too.
    """
    seen: dict[str, ir.Value] = {}
    above = days.revenue > 0
    for number, cutoff in enumerate(cutoffs):
        end = cutoff + timedelta(days=horizon)
        before, after = days.day <= cutoff, (days.day > cutoff) & (days.day <= end)
        seen[f"days_{number}"] = days.count(where=before)
        seen[f"last_{number}"] = days.day.max(where=before)
        seen[f"paid_{number}"] = days.count(where=before & above)
        seen[f"money_{number}"] = total(days.revenue, where=before & above)
        seen[f"after_days_{number}"] = days.count(where=after)
        seen[f"after_revenue_{number}"] = total(days.revenue, where=after)
        seen[f"after_paid_{number}"] = days.count(where=after & above)
        seen[f"after_money_{number}"] = total(days.revenue, where=after & above)
    return (
        days.group_by("customer_id")
        .agg(first_on=days.day.min(), first_revenue=days.revenue.argmin(days.day), **seen)
        .order_by("customer_id")
    )


def repeats(days: ir.Table, outlooks: ir.Table, *, known_by: date) -> ir.Table:
    """Repeat purchases by day; ``of_known`` are those of customers who had come by that day."""
    first = outlooks.select("customer_id", "first_on")
    rows = days.inner_join(first, "customer_id").filter(lambda row: row.day > row.first_on)
    counted = rows.group_by("day").agg(
        orders=rows.count(), of_known=rows.count(where=rows.first_on <= known_by)
    )
    return counted.order_by("day")


_HASH, _MULTIPLIER = 2**31, 2_654_435_761 % 2**31
"""Knuth's multiplicative hash: neighbouring numbers fall far apart."""


def days_between(first: ir.DateValue, last: ir.DateValue) -> ir.IntegerValue:
    """Shop days from one day to a later one."""
    return last.delta(first, unit="day").cast("int64")
