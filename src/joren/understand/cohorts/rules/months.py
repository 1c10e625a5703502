"""What each customer did in each month since the first purchase."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from joren.understand.cohorts.contracts import DIMENSIONS, KEPT, TAIL
from joren.warehouse.sums import number_of, total

FOLDED = ("sku", "category", "source")
BEGINNING = ("cohort", *DIMENSIONS)
MONEY = ("orders", "revenue", "profit", "costed", "uncosted")
GROWTHS = ("revenue_growth", "profit_growth")


def beginnings(values: ir.Table) -> ir.Table:
    """How every customer began: month, store, product, category, source; "" is not known."""
    source = ibis.coalesce(values.first_source, values.first_medium, "")
    touch = ibis.coalesce(values.first_source, "—").concat(
        " / ", ibis.coalesce(values.first_medium, "—")
    )
    began = values.select(
        "customer_id",
        cohort=ibis.date(values.first_on.year(), values.first_on.month(), 1),
        all=ibis.literal(""),
        store=values.first_store_id.cast("string").fill_null(""),
        sku=values.first_sku.fill_null(""),
        category=values.first_category.fill_null(""),
        source=ibis.ifelse(source == "", "", touch),
    )
    for dimension in FOLDED:
        began = _folded(began, dimension)
    return began


def _folded(began: ir.Table, dimension: str) -> ir.Table:
    """Put all but the most frequent values together. Not known stays apart."""
    counted = began.filter(began[dimension] != "").group_by(dimension).agg(n=ibis._.count())
    # Equal counts are taken in the order of their names, so that a repeat keeps the same ones.
    kept = counted.order_by([ibis.desc("n"), dimension]).limit(KEPT)
    kept = kept.select(kept_value=kept[dimension])
    joined = began.left_join(kept, began[dimension] == kept.kept_value)
    value = ibis.ifelse(
        joined[dimension] == "", "", ibis.coalesce(joined.kept_value, ibis.literal(TAIL))
    )
    return joined.mutate(**{dimension: value}).drop("kept_value")


def kinds(began: ir.Table) -> ir.Table:
    """Which beginnings there are, each with its number and its customers: few, of many people."""
    alike = began.group_by(BEGINNING).agg(customers=began.count())
    return alike.mutate(kind=ibis.row_number().over(order_by=BEGINNING))


def numbered(began: ir.Table, kinds: ir.Table) -> ir.Table:
    """Everybody with the number and the month of their beginning: to be held, for an engine that
    may choose would compare the words again for each month of each customer."""
    numbers = kinds.mutate(began_in=_month_number(kinds.cohort).cast("int64"))
    return began.inner_join(numbers, BEGINNING).select("customer_id", "kind", "began_in")


def by_month(movements: ir.Table, numbered: ir.Table, kinds: ir.Table) -> ir.Table:
    """What customers of one beginning add up to, by months since the first one.

    ``active`` counts who bought in the month. ``revenue_growth`` is by how much the squares of
    customers' cumulative revenue grew in it. Growths add up to squares, so that no month without a
    purchase needs a row.
    """
    moved = movements.mutate(month=_month_number(movements.day).cast("int64"))
    monthly = moved.group_by(["customer_id", "month"]).agg(
        orders=number_of(moved.purchase),
        revenue=total(moved.revenue),
        profit=total(moved.profit.fill_null(0)),
        costed=total(moved.revenue, where=moved.profit.notnull()),
        uncosted=total(moved.profit.isnull().cast("int64")),
    )
    grown = monthly.mutate(
        revenue_growth=_growth(monthly, "revenue"), profit_growth=_growth(monthly, "profit")
    )
    joined = grown.inner_join(numbered, "customer_id")
    # A credit note may be dated before the purchase that it is about was imported, and a message
    # may have led to the first one. Such months have no orders: they add up to one with the first.
    joined = joined.mutate(age=ibis.greatest(joined.month - joined.began_in, 0).cast("int64"))
    orders = joined.orders.cast("decimal(19, 0)")
    summed = joined.group_by(["kind", "age"]).agg(
        active=number_of(joined.orders > 0),
        **{name: total(joined[name]) for name in MONEY},
        **{name: joined[name].sum().cast("decimal(38, 0)") for name in GROWTHS},
        orders_squares=(orders * orders).sum().cast("decimal(38, 0)"),
    )
    return summed.inner_join(kinds.drop("customers"), "kind")


def _growth(monthly: ir.Table, name: str) -> ir.DecimalColumn:
    """(before + now)² − before² = now · (2 · before + now), in exact decimals."""
    # From 19 digits on, engines multiply in 128 bits; squares of money need more than 64.
    amount = monthly[name].cast("decimal(19, 0)")
    before = amount.sum().over(group_by="customer_id", order_by="month", rows=(None, -1))
    before = ibis.coalesce(before, ibis.literal(0)).cast("decimal(19, 0)")
    return (amount * (before + before + amount).cast("decimal(19, 0)")).cast("decimal(38, 0)")


def _month_number(day: ir.DateColumn) -> ir.IntegerColumn:
    return day.year() * 12 + day.month()
