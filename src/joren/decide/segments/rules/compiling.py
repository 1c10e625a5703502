"""From a rule to one columnar expression.

Each condition finds customers by a query of its own; the rule puts them together as ``IN`` of those
queries, so that the engine joins each set once and reads each table once for each condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any as Anything
from typing import Final

import ibis
import ibis.expr.types as ir

from joren.decide.segments.contracts import (
    All,
    Any,
    AtLeast,
    Bought,
    Is,
    Leaf,
    Member,
    Not,
    Rule,
    Value,
    Window,
)
from joren.decide.segments.rules.fields import FIELDS, MEASURES, OF_LINES, OF_PURCHASES, Field

_ZERO_IF_NOTHING: Final = {
    "orders", "days", "revenue", "profit", "lines", "quantity", "amount", "products", "categories",
}  # fmt: skip
"""Measures that are zero, and not unknown, of somebody who bought nothing of it."""


@dataclass(frozen=True)
class Sources:
    """What a rule is asked of. ``people`` has everybody once, with ``birth_day`` as month-day.

    ``earlier`` gives values or ranks of so many days ago (None: nothing so old is kept),
    ``members`` the customers of another segment.
    """

    people: ir.Table
    values: ir.Table
    ranks: ir.Table
    purchases: ir.Table  # PURCHASED
    lines: ir.Table  # order_lines
    as_of: date
    earlier: Callable[[str, int], ir.Table | None]
    members: Callable[[int], ir.Table]


@dataclass(frozen=True)
class Found:
    """The customers of ``ids``; ``negated``: everybody else."""

    ids: ir.Table
    negated: bool = False


def customers(rule: Rule, sources: Sources) -> ir.Table:
    """The customers whom the rule fits, as one expression of one column."""
    people = sources.people
    return people.filter(_fits(rule, people, sources)).select("customer_id")


def found_by(leaf: Leaf, sources: Sources) -> Found:
    """The customers whom one condition fits."""
    if isinstance(leaf, Member):
        return Found(sources.members(leaf.segment).select("customer_id"))
    if isinstance(leaf, Bought):
        return _bought(leaf, sources)
    return _is(leaf, sources)


def _fits(rule: Rule, people: ir.Table, sources: Sources) -> ir.BooleanValue:
    if isinstance(rule, All):
        return _together(rule.of, people, sources, lambda one, other: one & other, True)
    if isinstance(rule, Any):
        return _together(rule.of, people, sources, lambda one, other: one | other, False)
    if isinstance(rule, AtLeast):
        held = [_fits(one, people, sources).cast("int64") for one in rule.of]
        return reduce(lambda one, other: one + other, held) >= rule.count
    if isinstance(rule, Not):
        return ~_fits(rule.of, people, sources)
    found = found_by(rule, sources)
    inside = people.customer_id.isin(found.ids.customer_id)
    return ~inside if found.negated else inside


def _together(
    rules: tuple[Rule, ...],
    people: ir.Table,
    sources: Sources,
    join: Callable[[ir.BooleanValue, ir.BooleanValue], ir.BooleanValue],
    alone: bool,
) -> ir.BooleanValue:
    if not rules:
        return ibis.literal(alone)
    return reduce(join, (_fits(one, people, sources) for one in rules))


def _is(leaf: Is, sources: Sources) -> Found:
    field = FIELDS[leaf.field]
    table = _of_customers(field, leaf.ago, sources)
    if table is None:
        return Found(sources.people.filter(False).select("customer_id"))
    if leaf.op == "unknown":
        known = table.filter(table[field.column].notnull())
        return Found(known.select("customer_id"), negated=True)
    return Found(
        table.filter(holds(field, table[field.column], leaf, sources.as_of)).select("customer_id")
    )


def _of_customers(field: Field, ago: int, sources: Sources) -> ir.Table | None:
    if ago:
        return sources.earlier(field.table, ago)
    tables = {"people": sources.people, "values": sources.values, "ranks": sources.ranks}
    return tables[field.table]


def holds(field: Field, column: Anything, leaf: Is, as_of: date) -> ir.BooleanValue:
    """Does the condition hold of the value? Nothing holds of what is not known."""
    if leaf.op == "known":
        return column.notnull()
    if leaf.op == "unknown":
        return column.isnull()
    return _compared(field, column, leaf.op, leaf.values, as_of).fill_null(False)


def _compared(
    field: Field, column: Anything, op: str, values: tuple[Value, ...], as_of: date
) -> ir.BooleanValue:
    if field.type == "flag":
        return column if op == "yes" else ~column
    if op in ("is", "is_not"):
        wanted = _as_column(field, column, values)
        among = _normal(field, column).isin(wanted)
        return among if op == "is" else ~among
    if field.type == "birthday":
        days = _days_of_year(op, values, as_of)
        return column.isin(days)
    if op.endswith("_last_days"):
        since = ibis.literal(as_of - timedelta(days=int(values[0])))
        return column > since if op == "in_last_days" else column <= since
    low, high = _bounds(op, values)
    found = ibis.literal(True)
    if low is not None:
        found = column >= _bound(field, low)
    if high is not None:
        found = found & (column <= _bound(field, high))
    return found


def _bounds(op: str, values: tuple[Value, ...]) -> tuple[Value | None, Value | None]:
    if op == "between":
        return values[0], values[1]
    return (values[0], None) if op in ("at_least", "on_or_after") else (None, values[0])


def _bound(field: Field, value: Value) -> Anything:
    return ibis.literal(date.fromisoformat(str(value))) if field.type == "day" else value


def _normal(field: Field, column: Anything) -> Anything:
    """Texts are compared without their case and the spaces around them."""
    return column.strip().lower() if field.type == "text" else column


def _as_column(field: Field, column: Anything, values: tuple[Value, ...]) -> list[Anything]:
    if field.type == "text":
        return [str(value).strip().lower() for value in values]
    return [int(value) if column.type().is_integer() else str(value) for value in values]


def _days_of_year(op: str, values: tuple[Value, ...], as_of: date) -> list[str]:
    """Month and day of the days that are meant; 29 February is kept on the 28th between leaps."""
    if op == "this_month":
        days = [date(2000, as_of.month, 1) + timedelta(days=n) for n in range(31)]
        return [f"{day:%m-%d}" for day in days if day.month == as_of.month]
    ahead = [as_of + timedelta(days=n) for n in range(min(int(values[0]), 366) + 1)]
    found = {f"{day:%m-%d}" for day in ahead}
    if any(f"{day:%m-%d}" == "02-28" and not _is_leap(day.year) for day in ahead):
        found.add("02-29")
    return sorted(found)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _bought(leaf: Bought, sources: Sources) -> Found:
    """Whoever bought so much; where nothing at all fits too, everybody but those it does not fit.

    Zero is no row, so "at most two orders" is asked as the opposite of what it denies.
    """
    measure = MEASURES[leaf.measure]
    rows = _rows(leaf, sources)
    counted = rows.group_by("customer_id").agg(measured=_measured(leaf.measure, rows))
    fits = _compared(measure, counted.measured, leaf.op, leaf.values, sources.as_of)
    if leaf.measure in _ZERO_IF_NOTHING and _fits_zero(leaf):
        return Found(counted.filter(~fits.fill_null(False)).select("customer_id"), negated=True)
    return Found(counted.filter(fits.fill_null(False)).select("customer_id"))


def _fits_zero(leaf: Bought) -> bool:
    low, high = _bounds(leaf.op, leaf.values)
    return (low is None or float(low) <= 0) and (high is None or float(high) >= 0)


def _rows(leaf: Bought, sources: Sources) -> ir.Table:
    """The purchases, or their lines, that count."""
    of_lines = MEASURES[leaf.measure].table == "lines"
    if not of_lines:
        rows = sources.purchases
        rows = rows.filter(*_in_window(rows, leaf.window, sources.as_of))
        return rows.filter(*_chosen(rows, leaf.where, OF_PURCHASES, sources.as_of))
    lines = sources.lines
    lines = lines.filter(*_in_window(lines, leaf.window, sources.as_of, unsure=True))
    lines = lines.filter(*_chosen(lines, leaf.where, OF_LINES, sources.as_of))
    own = lines.select("order_id", "sku", "category", "quantity", "amount")
    bought = sources.purchases
    bought = bought.filter(*_in_window(bought, leaf.window, sources.as_of))
    return own.inner_join(bought.select("order_id", "customer_id"), "order_id")


def _chosen(
    rows: ir.Table, where: tuple[Is, ...], known: Mapping[str, Field], as_of: date
) -> list[ir.BooleanValue]:
    fields = ((known[one.field], one) for one in where)
    return [holds(field, rows[field.column], one, as_of) for field, one in fields] or [
        ibis.literal(True)
    ]


def _in_window(
    rows: ir.Table, window: Window, as_of: date, *, unsure: bool = False
) -> list[ir.BooleanValue]:
    """``unsure``: lines of older files do not say their day, and their order will."""
    start = date.fromisoformat(window.start) if window.start else None
    end = date.fromisoformat(window.end) if window.end else None
    if window.last_days is not None:
        start = as_of - timedelta(days=window.last_days - 1)
        end = as_of - timedelta(days=window.but_days)
    day = rows.ordered_on
    found = [day >= ibis.literal(start)] if start else []
    found += [day <= ibis.literal(end)] if end else []
    if unsure:
        found = [one | day.isnull() for one in found]
    return found or [ibis.literal(True)]


_MEASURED: Final[Mapping[str, Callable[[ir.Table], Anything]]] = {
    "orders": lambda rows: rows.count(),
    "days": lambda rows: rows.ordered_on.nunique(),
    "revenue": lambda rows: rows.revenue.sum(),
    "profit": lambda rows: rows.profit.sum(),
    "mean_revenue": lambda rows: rows.revenue.mean(),
    "first_on": lambda rows: rows.ordered_on.min(),
    "last_on": lambda rows: rows.ordered_on.max(),
    "lines": lambda rows: rows.count(),
    "quantity": lambda rows: rows.quantity.sum(),
    "amount": lambda rows: rows.amount.sum(),
    "products": lambda rows: rows.sku.nunique(),
    "categories": lambda rows: rows.category.nunique(),
}


def _measured(measure: str, rows: ir.Table) -> Anything:
    return _MEASURED[measure](rows)
