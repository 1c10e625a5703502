"""Sums that are whole numbers again, whatever the engine widens them to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def total(column: ir.IntegerColumn, *, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """A sum as int64, zero of nothing; only a cast through a decimal narrows it again."""
    summed = column.sum(where=where).cast("decimal(38, 0)")
    return ibis.coalesce(summed.cast("int64"), ibis.literal(0, "int64"))


def square_total(column: ir.IntegerColumn) -> ir.FloatingScalar:
    """The sum of squares, exact until it is rounded once at the end."""
    exact = column.cast("decimal(19, 0)")  # from 19 digits on, engines multiply in 128 bits
    return ibis.coalesce((exact * exact).sum().cast("float64"), ibis.literal(0.0))


def number_of(condition: ir.BooleanColumn) -> ir.IntegerScalar:
    """How many rows it is true of."""
    return condition.fill_null(False).ifelse(1, ibis.null().cast("int64")).count()
