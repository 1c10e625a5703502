"""What it takes for a rank, read from the customers themselves.

Everything here asks one question of one column: how many customers stand strictly below a value?
So equal values always get equal ranks, whatever the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

WHOLE = 10_000  # shares are in basis points, so that no float decides about a rank


def distribution(values: ir.Column) -> ir.Table:
    """Each distinct value with its customers, those strictly below it, and all."""
    counted = values.name("value").as_table()
    counted = counted.filter(counted.value.notnull())
    counted = counted.group_by("value").agg(here=ibis._.count())
    wide = counted.here.cast("decimal(38, 0)")
    summed = counted.mutate(
        upto=wide.sum().over(order_by="value", rows=(None, 0)).cast("int64"),
        all=wide.sum().over().cast("int64"),
    )
    return summed.mutate(below=summed.upto - summed.here)


def above_shares(values: ir.Column, shares: Sequence[int]) -> ir.Table:
    """One row: ``edge_i`` is the lowest value that at least that share stands strictly below."""
    spread = distribution(values)
    return spread.agg(
        **{
            f"edge_{i}": spread.value.min(where=spread.below * WHOLE >= spread["all"] * share)
            for i, share in enumerate(shares)
        }
    )


def within_top(values: ir.Column, shares: Sequence[int]) -> ir.Table:
    """One row: ``edge_i`` is the lowest value at or above which at most that share stands.

    Where many are equal at the border, all of them stay outside: a top tenth is never more than it.
    """
    spread = distribution(values)
    return spread.agg(
        **{
            f"edge_{i}": spread.value.min(
                where=(spread["all"] - spread.below) * WHOLE <= spread["all"] * share
            )
            for i, share in enumerate(shares)
        }
    )


def rank_from(value: ir.Column, edges: Sequence[int | None]) -> ir.IntegerColumn:
    """One, and one more for every edge that the value reaches; null stays null."""
    rank = ibis.ifelse(value.notnull(), 1, ibis.null().cast("int64"))
    for edge in edges:
        if edge is not None:
            rank = rank + (value >= edge).cast("int64")
    return rank.cast("int64")
