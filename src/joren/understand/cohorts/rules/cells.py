"""What the customers of a cohort add up to, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce

import ibis
import ibis.expr.types as ir

from joren.core.period import month_of
from joren.understand.cohorts.contracts import DIMENSIONS
from joren.warehouse.sums import square_total, total

_SUMS = ("active", "orders", "orders_squares", "revenue", "profit", "costed", "uncosted")
_GROWTHS = ("revenue_growth", "profit_growth")
_KEY = ["dimension", "value", "cohort"]


def sizes(began: ir.Table) -> ir.Table:
    """How many customers each cohort of each dimension has."""
    return _stacked(
        began.group_by(value=began[dimension], cohort=began.cohort)
        .agg(customers=ibis._.count())
        .mutate(dimension=ibis.literal(dimension))
        .select(*_KEY, "customers")
        for dimension in DIMENSIONS
    )


def sums(months: ir.Table) -> ir.Table:
    """What happened in each month of each cohort of each dimension."""
    return _stacked(_sums_of(months, dimension) for dimension in DIMENSIONS)


def _sums_of(months: ir.Table, dimension: str) -> ir.Table:
    summed = months.group_by(value=months[dimension], cohort=months.cohort, age=months.age).agg(
        active=(months.orders > 0).ifelse(1, ibis.null().cast("int64")).count(),
        **{name: total(months[name]) for name in ("orders", "revenue", "profit")},
        costed=total(months.costed),
        uncosted=total(months.uncosted),
        orders_squares=square_total(months.orders),
        **{name: months[name].sum().cast("decimal(38, 0)") for name in _GROWTHS},
    )
    return summed.mutate(dimension=ibis.literal(dimension)).select(*_KEY, "age", *_SUMS, *_GROWTHS)


def cells(sizes: ir.Table, sums: ir.Table, as_of: date) -> ir.Table:
    """COHORT_CELLS: every age up to the as-of day, also where nothing happened."""
    grid = _with_ages(sizes, as_of)
    joined = grid.left_join(sums, [*_KEY, "age"])
    filled = joined.select(
        *_KEY,
        "age",
        "customers",
        **{name: joined[name].fill_null(0) for name in (*_SUMS, *_GROWTHS)},
    )
    so_far = ibis.window(group_by=_KEY, order_by="age", preceding=None, following=0)

    def to_date(name: str) -> ir.DecimalColumn:
        return filled[name].cast("decimal(38, 0)").sum().over(so_far)

    all_known = to_date("uncosted") == 0
    unknown = ibis.null()
    last_day_passed = ibis.literal(_last_mature_month(as_of))
    return filled.select(
        "dimension",
        "cohort",
        "age",
        "customers",
        "active",
        "orders",
        "orders_squares",
        "revenue",
        value=filled.value.nullif(""),
        mature=_month(filled.cohort) + filled.age <= _month(last_day_passed),
        revenue_to_date=to_date("revenue").cast("int64"),
        revenue_squares=to_date("revenue_growth").cast("float64"),
        profit_to_date=ibis.ifelse(all_known, to_date("profit").cast("int64"), unknown),
        profit_squares=ibis.ifelse(all_known, to_date("profit_growth").cast("float64"), unknown),
        costed_revenue=to_date("costed").cast("int64"),
        costed_profit=to_date("profit").cast("int64"),
    )


def _with_ages(sizes: ir.Table, as_of: date) -> ir.Table:
    last = ibis.literal(as_of)
    ages = ibis.range(0, (_month(last) - _month(sizes.cohort)).cast("int64") + 1)
    return sizes.mutate(age=ages.unnest().cast("int64"))


def _last_mature_month(as_of: date) -> date:
    """The last calendar month that has fully passed at the end of the as-of day."""
    if (as_of + timedelta(days=1)).day == 1:
        return month_of(as_of)
    return month_of(month_of(as_of) - timedelta(days=1))


def _month(day: ir.DateValue) -> ir.IntegerValue:
    return day.year() * 12 + day.month()


def _stacked(tables: Iterable[ir.Table]) -> ir.Table:
    return reduce(lambda one, other: one.union(other), tables)
