"""What customers whose contract runs buy beside it: the other part of their prediction."""

from __future__ import annotations

import ibis.expr.types as ir

from joren.warehouse.sums import total, total_if_any


def beside(purchases: ir.Table, running: ir.Table) -> ir.Table:
    """Per customer of ``running``: days with an order outside of any contract, after their first.

    The first day of all begins the count, whatever was bought on it: so everybody has one.
    ``paid`` and ``money`` are of the days above zero.
    """
    ours = purchases.semi_join(running, "customer_id")
    first = ours.group_by("customer_id").agg(first_on=ours.ordered_on.min())
    others = ours.filter(ours.subscription_id.isnull())
    days = others.group_by("customer_id", day=others.ordered_on).agg(
        revenue=total_if_any(others.revenue)
    )
    rows = days.inner_join(first, "customer_id").filter(lambda row: row.day > row.first_on)
    seen = rows.group_by("customer_id").agg(
        days=rows.count(),
        last_on=rows.day.max(),
        paid=rows.count(where=rows.revenue > 0),
        money=total(rows.revenue, where=rows.revenue > 0),
    )
    found = first.left_join(seen, "customer_id").drop("customer_id_right")
    return found.order_by("customer_id")
