"""Sums that come out the same whatever the order of the rows.

Floating-point sums depend on the order in which threads meet the rows, so everything that is summed
here is a whole number: money in minor units, and predictions in millionths.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

MILLIONTHS = 1_000_000


def _added(whole: Any) -> Any:  # its body is the engine's own
    ...


# Ibis takes a sum of int64 to be int64, where DuckDB answers with a wider number: said as it is.
_sum = ibis.udf.agg.builtin(_added, name="sum", signature=((dt.int64,), dt.Decimal(38, 0)))


def total(column: ir.IntegerColumn, *, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """A sum of whole numbers as int64; null where there is none."""
    return _sum(column, where=where).cast("int64")


def products(one: ir.IntegerColumn, other: ir.IntegerColumn) -> ir.DecimalScalar:
    """Σ one × other, exact also where a product exceeds 64 bits."""
    return (one.cast("decimal(19, 0)") * other.cast("decimal(19, 0)")).sum()


def real_total(column: ir.FloatingColumn) -> ir.FloatingScalar:
    """A sum of real numbers, each taken to its millionth."""
    # Divided as a float: how many places a quotient of decimals has, each engine decides alone.
    return whole(column * MILLIONTHS).sum().cast("float64") / MILLIONTHS


def whole(column: ir.FloatingColumn) -> ir.DecimalColumn:
    """The nearest whole number. Not by ``round``, which Ibis holds to 64 bits."""
    return column.cast("decimal(38, 0)")


def real_squares(column: ir.FloatingColumn) -> ir.FloatingScalar:
    """Σ column², each square taken to its millionth."""
    return real_total(column * column)
