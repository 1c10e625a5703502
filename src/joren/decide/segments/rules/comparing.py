"""What holds of a value, and which rows count: shared by all that rules ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any as Anything

import ibis
import ibis.expr.types as ir

from joren.decide.segments.contracts import Is, Value, Window
from joren.decide.segments.rules.fields import Field
from joren.decide.segments.rules.sources import Found


def holds(field: Field, column: Anything, leaf: Is, as_of: date) -> ir.BooleanValue:
    """Does the condition hold of the value? Nothing holds of what is not known."""
    if leaf.op == "known":
        return column.notnull()
    if leaf.op == "unknown":
        return column.isnull()
    return compared(field, column, leaf.op, leaf.values, as_of).fill_null(False)


def compared(
    field: Field, column: Anything, op: str, values: tuple[Value, ...], as_of: date
) -> ir.BooleanValue:
    """The same of what is known; null of what is not."""
    if field.type == "flag":
        return column if op == "yes" else ~column
    if op in ("is", "is_not"):
        wanted = _as_column(field, column, values)
        among = _normal(field, column).isin(wanted)
        return among if op == "is" else ~among
    if field.type == "birthday":
        days = _days_of_year(op, values, as_of)
        return column.isin(days)
    if op.startswith("anniversary"):
        return _anniversary(column, op, values, as_of)
    if op.endswith("_last_days"):
        since = ibis.literal(as_of - timedelta(days=int(values[0])))
        return column > since if op == "in_last_days" else column <= since
    low, high = bounds(op, values)
    found = ibis.literal(True)
    if low is not None:
        found = column >= _bound(field, low)
    if high is not None:
        found = found & (column <= _bound(field, high))
    return found


def _anniversary(
    column: Anything, op: str, values: tuple[Value, ...], as_of: date
) -> ir.BooleanValue:
    """Is it the same day of a later year?"""
    days = [int(day.replace("-", "")) for day in _days_of_year(op, values, as_of)]
    first = as_of.replace(month=1, day=1) if op.endswith("this_month") else as_of
    same = (column.month().cast("int64") * 100 + column.day()).isin(days)
    return same & (column < ibis.literal(first))


def bounds(op: str, values: tuple[Value, ...]) -> tuple[Value | None, Value | None]:
    """The least and the most that fits, where there is one."""
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
    if op.endswith("this_month"):
        days = [date(2000, as_of.month, 1) + timedelta(days=n) for n in range(31)]
        return [f"{day:%m-%d}" for day in days if day.month == as_of.month]
    ahead = [as_of + timedelta(days=n) for n in range(min(int(values[0]), 366) + 1)]
    found = {f"{day:%m-%d}" for day in ahead}
    if any(f"{day:%m-%d}" == "02-28" and not _is_leap(day.year) for day in ahead):
        found.add("02-29")
    return sorted(found)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def chosen(
    rows: ir.Table, where: tuple[Is, ...], known: Mapping[str, Field], as_of: date
) -> list[ir.BooleanValue]:
    """What each of the rows that count has to be."""
    fields = ((known[one.field], one) for one in where)
    return [holds(field, rows[field.column], one, as_of) for field, one in fields] or [
        ibis.literal(True)
    ]


def in_window(
    day: ir.DateValue, window: Window, as_of: date, *, unsure: bool = False
) -> list[ir.BooleanValue]:
    """On which days it has to be. ``unsure``: lines of older files say none, their order will."""
    start = date.fromisoformat(window.start) if window.start else None
    end = date.fromisoformat(window.end) if window.end else None
    if window.last_days is not None:
        start = as_of - timedelta(days=window.last_days - 1)
        end = as_of - timedelta(days=window.but_days)
    found = [day >= ibis.literal(start)] if start else []
    found += [day <= ibis.literal(end)] if end else []
    if unsure:
        found = [one | day.isnull() for one in found]
    return found or [ibis.literal(True)]


def who_fits(
    counted: ir.Table,
    measure: Field,
    op: str,
    values: tuple[Value, ...],
    as_of: date,
    *,
    zero_of_none: bool,
) -> Found:
    """Of ``counted`` (customer_id, measured) those whom it fits.

    Zero is no row, so where it fits too, "at most two orders" is asked as the opposite of what it
    denies: everybody but those it does not fit.
    """
    fits = compared(measure, counted.measured, op, values, as_of).fill_null(False)
    if zero_of_none and _fits_zero(op, values):
        return Found(counted.filter(~fits).select("customer_id"), negated=True)
    return Found(counted.filter(fits).select("customer_id"))


def _fits_zero(op: str, values: tuple[Value, ...]) -> bool:
    low, high = bounds(op, values)
    return (low is None or float(low) <= 0) and (high is None or float(high) >= 0)
