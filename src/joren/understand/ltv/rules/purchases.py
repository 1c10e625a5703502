"""Which orders are purchases, and what each of them brought.

An order counts when somebody known placed it by the as-of day, it was neither cancelled nor
returned, it is not a free sample, and its money is in the reporting currency, as it is or at a rate
of its day. What does not count is left out by the first of those reasons, and they are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from joren.collect.orders.contracts import LOST_STATUSES
from joren.understand.ltv.rules import exchange
from joren.warehouse.sums import total_if_any


@dataclass(frozen=True)
class Facts:
    """What happened: the newest version of each fact, and whose identity is whose.

    ``rates`` None means that the shop gave none; ``events`` None that nobody asks for them.
    """

    orders: ir.Table
    order_lines: ir.Table
    refunds: ir.Table
    products: ir.Table
    person_of: ir.Table
    rates: ir.Table | None = None
    events: ir.Table | None = None


def left_out_because(orders: ir.Table, *, currency: str) -> ir.StringValue:
    """Why an order is no purchase; null when it is one."""
    return ibis.cases(
        (orders.status.isin(LOST_STATUSES), "lost"),
        (orders.free.fill_null(False), "free"),
        (orders.currency != currency, "currency"),
        (orders.customer_id.isnull(), "nobody"),
    )


def counts(orders: ir.Table, *, currency: str) -> ir.BooleanValue:
    """Whether an order is a purchase: none of those reasons, said so that engines can use it.

    A condition on each column by itself is asked as the files are read; a reason is not.
    """
    kept = orders.status.notin(LOST_STATUSES) | orders.status.isnull()
    ours = (orders.currency == currency) | orders.currency.isnull()
    return kept & ~orders.free.fill_null(False) & ours & orders.customer_id.notnull()


def known_orders(facts: Facts, *, as_of: date) -> ir.Table:
    """All orders up to the as-of day, with the customer where one is known, as they were paid.

    ``stated`` is the revenue of an order by its parts, also of one that was cancelled or returned.
    """
    orders = facts.orders.filter(facts.orders.ordered_on <= as_of)
    inside = ibis.ifelse(orders.tax_included.fill_null(False), orders.tax.fill_null(0), 0)
    charged = orders.shipping_charged.fill_null(0) - orders.order_discount.fill_null(0)
    stated = orders.goods + charged - inside
    orders = orders.mutate(stated=stated)
    people = facts.person_of.select("identity_id", "customer_id")
    return orders.left_join(people, "identity_id").drop("identity_id_right")


def in_currency(orders: ir.Table, rates: ir.Table | None, *, currency: str) -> ir.Table:
    """The orders in the reporting currency where they are in it or a rate of their day is known."""
    kept = orders.mutate(own_revenue=orders.revenue)
    amounts = (*_MONEY, "stated")
    return exchange.converted(kept, rates, into=currency, day="ordered_on", amounts=amounts)


def refunds_of_orders(facts: Facts, *, as_of: date, currency: str) -> ir.Table:
    """Per order what was given back by the as-of day, and what ever was.

    At the rate of the order, so that an order that was paid back in full comes to nothing.
    """
    refunds = facts.refunds.filter(facts.refunds.order_id.notnull())
    sums = refunds.group_by("order_id", "currency").agg(
        by_now=total_if_any(refunds.amount, where=refunds.refunded_on <= as_of),
        ever=total_if_any(refunds.amount),
    )
    if facts.rates is not None:
        days = facts.orders.select("order_id", "ordered_on")
        sums = exchange.converted(
            sums.inner_join(days, "order_id"),
            facts.rates,
            into=currency,
            day="ordered_on",
            amounts=("by_now", "ever"),
        )
    ours = sums.filter(sums.currency == currency)
    return ours.group_by("order_id").agg(
        by_now=total_if_any(ours.by_now), ever=total_if_any(ours.ever)
    )


def credit_notes(facts: Facts, *, as_of: date, currency: str) -> ir.Table:
    """Credit notes that name no order: they reduce what the customer brought, at their date."""
    notes = facts.refunds.filter(
        facts.refunds.order_id.isnull(), facts.refunds.refunded_on <= as_of
    )
    notes = exchange.converted(
        notes, facts.rates, into=currency, day="refunded_on", amounts=("amount",)
    )
    notes = notes.filter(notes.currency == currency)
    people = facts.person_of.select("identity_id", "customer_id")
    return notes.inner_join(people, "identity_id").select(
        "customer_id", "store_id", credited_on=notes.refunded_on, amount=notes.amount
    )


def catalogue_costs(facts: Facts, orders: ir.Table, *, currency: str) -> ir.Table:
    """Cost of goods of orders whose file did not state it all, from the catalogue of today.

    Null as soon as one line's cost is known nowhere: half a cost would look like a profit.
    """
    unknown = orders.filter(orders.goods_cost.isnull())
    products = facts.products.filter(facts.products.cost.notnull())
    if facts.rates is not None:
        return _costs_at_rates(facts, unknown, products, currency=currency)
    products = products.filter(products.currency == currency).select("sku", "cost")
    lines = facts.order_lines.semi_join(unknown, "order_id").left_join(products, "sku")
    cost = ibis.coalesce(lines.unit_cost, lines.cost) * lines.quantity
    return lines.group_by("order_id").agg(
        catalogue_cost=ibis.ifelse(cost.isnull().any(), None, total_if_any(cost))
    )


def _costs_at_rates(
    facts: Facts, unknown: ir.Table, products: ir.Table, *, currency: str
) -> ir.Table:
    """The same where the order's money or the catalogue's is foreign: one rounding per order."""
    one = ibis.literal(1, type="decimal(30, 16)")
    of_order = unknown.select("order_id", "ordered_on", own=ibis.coalesce(unknown.factor, one))
    listed = products.select("sku", "cost", product_currency=products.currency)
    lines = facts.order_lines.drop("ordered_on")  # which older ones do not say
    lines = lines.inner_join(of_order, "order_id").left_join(listed, "sku")
    lines = exchange.with_rate(
        lines.drop("sku_right"), facts.rates, day="ordered_on", currency="product_currency"
    )
    factor = ibis.ifelse(lines.product_currency == currency, one, lines.factor)
    stated = (lines.unit_cost * lines.quantity).cast("decimal(19, 0)") * lines.own
    known = (lines.cost * lines.quantity).cast("decimal(19, 0)") * factor
    lines = lines.mutate(exact=ibis.coalesce(stated, known))
    summed = lines.group_by("order_id").agg(
        unknown=lines.exact.isnull().any(), exact=lines.exact.sum()
    )
    rounded = exchange.half_even(summed.exact)
    return summed.select("order_id", catalogue_cost=ibis.ifelse(summed.unknown, None, rounded))


def _catalogue_categories(facts: Facts) -> ir.Table:
    """The category of each product: files of malls name none, and the catalogue does."""
    listed = facts.products.filter(facts.products.category.notnull())
    return listed.select(listed_sku="sku", listed_category="category")


def purchases(facts: Facts, orders: ir.Table, *, as_of: date, currency: str) -> ir.Table:
    """PURCHASES, from the orders that ``in_currency`` gave."""
    counted = orders.filter(counts(orders, currency=currency)).select(
        *_KEPT, subscription=orders.subscription_id.notnull()
    )
    refunds = refunds_of_orders(facts, as_of=as_of, currency=currency)
    costs = catalogue_costs(facts, orders, currency=currency)
    rows = counted.left_join(refunds, "order_id").drop("order_id_right")
    rows = rows.left_join(costs, "order_id").drop("order_id_right")
    rows = rows.left_join(_catalogue_categories(facts), [("main_sku", "listed_sku")])
    rows = rows.mutate(
        given_back=_given_back(rows), goods_cost=ibis.coalesce(rows.goods_cost, rows.catalogue_cost)
    )
    net = rows.revenue - rows.given_back
    borne = rows.shipping_borne.fill_null(0) + rows.payment_fee.fill_null(0)
    return rows.select(
        "order_id",
        "customer_id",
        "store_id",
        "ordered_on",
        nth=ibis.row_number().over(
            group_by=rows.customer_id, order_by=[rows.ordered_at, rows.order_id]
        )
        + 1,
        revenue=net,
        refunds=rows.given_back,
        goods_cost=rows.goods_cost,
        shipping_borne=rows.shipping_borne,
        payment_fee=rows.payment_fee,
        profit=net - rows.goods_cost - borne,
        main_sku=rows.main_sku,
        main_category=ibis.coalesce(rows.main_category, rows.listed_category),
        source=rows.source,
        medium=rows.medium,
        subscription=rows.subscription,
        subscription_id=rows.subscription_id,
        subscription_number=rows.subscription_number,
    )


_MONEY = ("revenue", "refunded", "goods_cost", "shipping_borne", "payment_fee")
_KEPT = (
    "order_id",
    "customer_id",
    "store_id",
    "ordered_at",
    "ordered_on",
    "revenue",
    "refunded",
    "goods_cost",
    "shipping_borne",
    "payment_fee",
    "main_sku",
    "main_category",
    "source",
    "medium",
    "subscription_id",
    "subscription_number",
)


def _given_back(rows: ir.Table) -> ir.IntegerColumn:
    """Refunds with a date count by their date; what the order states beyond them counts at once."""
    beyond = rows.refunded.fill_null(0) - rows.ever.fill_null(0)
    return rows.by_now.fill_null(0) + ibis.greatest(beyond, 0)
