"""Everything that moves a customer's money, by the day on which it does."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def movements(purchases: ir.Table, credits: ir.Table, messages: ir.Table) -> ir.Table:
    """Purchases, credit notes without an order, and what messages cost (``message_cost``, which is
    taken off ``profit``); profit is null as long as a purchase's cost of goods is not known."""
    nothing = ibis.literal(0, "int64")
    bought = purchases.select(
        "customer_id",
        day=purchases.ordered_on,
        purchase=ibis.literal(True),
        revenue=purchases.revenue,
        profit=purchases.profit,
        message_cost=nothing,
    )
    given = -credits.amount
    noted = credits.select(
        "customer_id",
        day=credits.credited_on,
        purchase=ibis.literal(False),
        revenue=given,
        profit=given,  # the goods are gone either way
        message_cost=nothing,
    )
    told = messages.filter(messages.cost != 0)
    told = told.select(
        "customer_id",
        day=told.sent_on,
        purchase=ibis.literal(False),
        revenue=nothing,
        profit=-told.cost,
        message_cost=told.cost,
    )
    return bought.union(noted).union(told)
