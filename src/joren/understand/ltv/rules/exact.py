"""Sums that come out the same whatever the order of the rows."""

from __future__ import annotations

import ibis.expr.types as ir


def total(column: ir.IntegerColumn, *, where: ir.BooleanColumn | None = None) -> ir.IntegerScalar:
    """A sum of whole numbers as int64; engines widen it to a decimal, which then spreads."""
    return column.cast("decimal(38, 0)").sum(where=where).cast("int64")
