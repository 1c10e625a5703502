"""Customers who began alike, and how a value is spread over customers."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, log10
from typing import Final

import ibis
import ibis.expr.types as ir

from joren.understand.ltv.rules.exact import products, real_squares, real_total
from joren.warehouse.sums import total_if_any

DIMENSIONS: Final[Mapping[str, str]] = {
    "store": "first_store_id",
    "source": "first_source",
    "category": "first_category",
}
WHOLE: Final = ("revenue_past", "profit_past")
REAL: Final = ("revenue_365d", "profit_365d", "expected_orders_365d")
BINS: Final = 20


def sums_of(values: ir.Table, *, by: str | None = None) -> ir.Table:
    """Per group, or of all, n, sum and sum of squares of each value that is known."""
    sums: dict[str, ir.Value] = {"customers": values.count()}
    for name in WHOLE:
        column = values[name]
        sums |= {
            f"{name}_n": column.count(),
            f"{name}_total": total_if_any(column),
            f"{name}_squares": products(column, column),
        }
    for name in REAL:
        column = values[name]
        sums |= {
            f"{name}_n": column.count(),
            f"{name}_total": real_total(column),
            f"{name}_squares": real_squares(column),
        }
    if by is None:
        return values.agg(**sums)
    grouped = values.group_by(value=values[by].cast("string")).agg(**sums)
    return grouped.order_by([grouped.customers.desc(), grouped.value.asc()])


def stores(purchases: ir.Table) -> ir.Table:
    """Per store its buyers, what their orders there brought, and who of them bought elsewhere too.

    Somebody who bought at two stores counts at both, each time with what they brought there.
    """
    there = purchases.group_by("store_id", "customer_id").agg(
        orders=purchases.count(),
        revenue=total_if_any(purchases.revenue),
        known=purchases.count(where=purchases.profit.notnull()),
        profit=total_if_any(purchases.profit),
    )
    there = there.mutate(
        profit=(there.known == there.orders).ifelse(there.profit, ibis.null("int64")),
        elsewhere=ibis._.count().over(group_by="customer_id") > 1,
    )
    summed = there.group_by("store_id").agg(
        customers=there.count(),
        orders=total_if_any(there.orders),
        elsewhere=there.count(where=there.elsewhere),
        revenue_past_n=there.count(),
        revenue_past_total=total_if_any(there.revenue),
        revenue_past_squares=products(there.revenue, there.revenue),
        profit_past_n=there.profit.count(),
        profit_past_total=total_if_any(there.profit),
        profit_past_squares=products(there.profit, there.profit),
    )
    return summed.order_by([summed.customers.desc(), summed.store_id.asc()])


def quantiles(column: ir.NumericColumn) -> ir.Table:
    """Where the lowest tenth ends, the middle lies, and so on."""
    known = column.name("value").as_table()
    known = known.filter(known.value.notnull())
    shares = {
        "p10": 0.1,
        "p25": 0.25,
        "p50": 0.5,
        "p75": 0.75,
        "p90": 0.9,
        "p95": 0.95,
        "p99": 0.99,
    }
    return known.agg(
        customers=known.count(),
        least=known.value.min().cast("float64"),
        **{name: known.value.quantile(share).cast("float64") for name, share in shares.items()},
    )


def bin_counts(column: ir.NumericColumn, *, width: float) -> ir.Table:
    """How many customers lie in each bin from 0 on; the last is open, what is below 0 is in the
    first."""
    known = column.name("value").as_table()
    known = known.filter(known.value.notnull())
    place = (known.value.cast("float64") / width).floor().cast("int64")
    inside = ibis.least(ibis.greatest(place, 0), BINS)
    counted = known.group_by(bin=inside).agg(customers=known.count())
    return counted.order_by("bin")


def bin_width(reach: float) -> float:
    """The next 1, 2 or 5 × 10^k, so that BINS bins reach as far."""
    rough = reach / BINS
    if rough <= 0:
        return 1.0
    ten = 10.0 ** floor(log10(rough))
    return next(step * ten for step in (1.0, 2.0, 5.0, 10.0) if step * ten >= rough * (1 - 1e-9))
