"""How values are spread over customers: a histogram and quantiles."""

from __future__ import annotations

import ibis.expr.types as ir

from joren.understand.ltv.contracts import Distribution
from joren.understand.ltv.rules import groups
from joren.understand.ltv.services.gathering import Refresh


def distributions(refresh: Refresh) -> tuple[Distribution, ...]:
    """Of past and of predicted revenue, and of the days between purchases; a value that nobody has
    yet is left out."""
    values, money = refresh.values, refresh.currency
    repeaters = values.filter(values.frequency > 0)
    interval = repeaters.recency.cast("float64") / repeaters.frequency.cast("float64")
    found = (
        _distribution(refresh, "revenue_past", values.revenue_past, money),
        _distribution(refresh, "revenue_365d", values.revenue_365d, money),
        _distribution(refresh, "purchase_interval", interval, "days"),
    )
    return tuple(one for one in found if one is not None)


def _distribution(
    refresh: Refresh, name: str, column: ir.NumericColumn, unit: str
) -> Distribution | None:
    engine = refresh.warehouse.engine
    (row,) = engine.rows(groups.quantiles(column))
    customers, least = row.pop("customers"), row.pop("least")
    if not customers:
        return None
    width = groups.bin_width(row["p95"])
    counted = {
        found["bin"]: found["customers"]
        for found in engine.rows(groups.bin_counts(column, width=width))
    }
    return Distribution(
        name=name,
        unit=unit,
        customers=customers,
        edges=(min(least, 0.0), *(width * number for number in range(1, groups.BINS + 1))),
        counts=tuple(counted.get(number, 0) for number in range(groups.BINS + 1)),
        quantiles=row,
    )
