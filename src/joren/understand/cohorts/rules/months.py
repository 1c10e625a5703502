"""What each customer did in each month since the first purchase."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from joren.understand.cohorts.contracts import KEPT, TAIL
from joren.warehouse.sums import number_of, total

FOLDED = ("sku", "category", "source")


def beginnings(values: ir.Table) -> ir.Table:
    """How every customer began: month, store, product, category, source; "" is not known."""
    source = ibis.coalesce(values.first_source, values.first_medium, "")
    touch = ibis.coalesce(values.first_source, "—").concat(
        " / ", ibis.coalesce(values.first_medium, "—")
    )
    began = values.select(
        "customer_id",
        first_on=values.first_on,
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


def by_month(movements: ir.Table, began: ir.Table) -> ir.Table:
    """One row per customer and month with something in it, with how the customer began.

    ``revenue_growth`` is by how much the square of the customer's cumulative revenue grew in the
    month. Growths add up to squares, so that no month without a purchase needs a row.
    """
    joined = movements.inner_join(began.select("customer_id", "cohort"), "customer_id")
    age = _month_number(joined.day) - _month_number(joined.cohort)
    # A credit note may be dated before the purchase that it is about was imported, and a message
    # may have led to the first one.
    joined = joined.mutate(age=ibis.greatest(age, 0).cast("int64"))
    monthly = joined.group_by(["customer_id", "age"]).agg(
        orders=number_of(joined.purchase),
        revenue=total(joined.revenue),
        profit=total(joined.profit.fill_null(0)),
        costed=total(joined.revenue, where=joined.profit.notnull()),
        uncosted=total(joined.profit.isnull().cast("int64")),
    )
    grown = monthly.mutate(
        revenue_growth=_growth(monthly, "revenue"), profit_growth=_growth(monthly, "profit")
    )
    return grown.inner_join(began.drop("first_on"), "customer_id")


def _growth(monthly: ir.Table, name: str) -> ir.DecimalColumn:
    """(before + now)² − before² = now · (2 · before + now), in exact decimals."""
    # From 19 digits on, engines multiply in 128 bits; squares of money need more than 64.
    amount = monthly[name].cast("decimal(19, 0)")
    before = amount.sum().over(group_by="customer_id", order_by="age", rows=(None, -1))
    before = ibis.coalesce(before, ibis.literal(0)).cast("decimal(19, 0)")
    return (amount * (before + before + amount).cast("decimal(19, 0)")).cast("decimal(38, 0)")


def _month_number(day: ir.DateColumn) -> ir.IntegerColumn:
    return day.year() * 12 + day.month()
