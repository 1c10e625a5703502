"""What the customers of a cohort add up to, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce

import ibis
import ibis.expr.types as ir

from joren.core.period import month_of
from joren.understand.cohorts.contracts import DIMENSIONS
from joren.understand.cohorts.rules.months import GROWTHS, MONEY
from joren.warehouse.sums import total

_SUMS = ("active", "orders_squares", *MONEY, *GROWTHS)
_KEY = ["dimension", "value", "cohort"]


def sizes(kinds: ir.Table) -> ir.Table:
    """How many customers each cohort of each dimension has."""
    return _stacked(
        kinds.group_by(value=kinds[dimension], cohort=kinds.cohort)
        .agg(customers=total(kinds.customers))
        .mutate(dimension=ibis.literal(dimension))
        .select(*_KEY, "customers")
        for dimension in DIMENSIONS
    )


def sums(months: ir.Table) -> ir.Table:
    """What happened in each month of each cohort of each dimension."""
    return _stacked(_sums_of(months, dimension) for dimension in DIMENSIONS)


def _sums_of(months: ir.Table, dimension: str) -> ir.Table:
    summed = months.group_by(value=months[dimension], cohort=months.cohort, age=months.age).agg(
        **{name: total(months[name]) for name in ("active", *MONEY)},
        **{name: months[name].sum().cast("decimal(38, 0)") for name in GROWTHS},
        orders_squares=months.orders_squares.sum().cast("float64"),
    )
    return summed.mutate(dimension=ibis.literal(dimension)).select(*_KEY, "age", *_SUMS)


def cells(sizes: ir.Table, sums: ir.Table, as_of: date) -> ir.Table:
    """COHORT_CELLS: every age up to the as-of day, also where nothing happened."""
    grid = _with_ages(sizes, as_of)
    joined = grid.left_join(sums, [*_KEY, "age"])
    filled = joined.select(
        *_KEY,
        "age",
        "customers",
        **{name: joined[name].fill_null(0) for name in _SUMS},
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
