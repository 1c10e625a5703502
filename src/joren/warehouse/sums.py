"""Sums that are whole numbers again, whatever the engine widens them to.

Floating-point sums depend on the order in which threads meet the rows, so what is summed is whole.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir


def _added(whole: Any) -> Any:  # its body is the engine's own
    ...


# Ibis takes a sum of int64 to be int64, where DuckDB answers with a wider number: said as it is,
# for a detour through decimals costs as much as the sum itself.
_sum = ibis.udf.agg.builtin(_added, name="sum", signature=((dt.int64,), dt.Decimal(38, 0)))


def total_if_any(
    column: ir.NumericColumn, *, where: ir.BooleanColumn | None = None
) -> ir.IntegerScalar:
    """A sum of whole numbers as int64; null where there is none."""
    return _sum(column, where=where).cast("int64")


def total(column: ir.NumericColumn, *, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """A sum of whole numbers as int64, zero of nothing."""
    return ibis.coalesce(total_if_any(column, where=where), ibis.literal(0, "int64"))


def square_total(column: ir.IntegerColumn) -> ir.FloatingScalar:
    """The sum of squares, exact until it is rounded once at the end; zero of nothing."""
    return product_total(column, column)


def product_total(one: ir.IntegerColumn, other: ir.IntegerColumn) -> ir.FloatingScalar:
    """The same of products."""
    # From 19 digits on, engines multiply in 128 bits.
    exact = one.cast("decimal(19, 0)") * other.cast("decimal(19, 0)")
    return ibis.coalesce(exact.sum().cast("float64"), ibis.literal(0.0))


def number_of(condition: ir.BooleanColumn) -> ir.IntegerScalar:
    """How many rows it is true of."""
    return condition.fill_null(False).ifelse(1, ibis.null().cast("int64")).count()
