"""Sums that come out the same whatever the order of the rows.

Floating-point sums depend on the order in which threads meet the rows, so everything that is summed
here is a whole number: money in minor units, and predictions in millionths.
"""

from __future__ import annotations

import ibis.expr.types as ir

MILLIONTHS = 1_000_000


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
