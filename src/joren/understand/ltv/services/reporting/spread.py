"""How values are spread over customers: a histogram and quantiles."""

from __future__ import annotations

from joren.understand.ltv.contracts import Distribution
from joren.understand.ltv.rules import groups
from joren.understand.ltv.services.gathering import Refresh


def distributions(refresh: Refresh) -> tuple[Distribution, ...]:
    """Of past and of predicted revenue; a value that nobody has yet is left out."""
    found = (_distribution(refresh, name) for name in ("revenue_past", "revenue_365d"))
    return tuple(one for one in found if one is not None)


def _distribution(refresh: Refresh, name: str) -> Distribution | None:
    engine, column = refresh.warehouse.engine, refresh.values[name]
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
        unit=refresh.currency,
        customers=customers,
        edges=(min(least, 0.0), *(width * number for number in range(1, groups.BINS + 1))),
        counts=tuple(counted.get(number, 0) for number in range(groups.BINS + 1)),
        quantiles=row,
    )
