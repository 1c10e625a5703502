"""LTV of customers by where they began: store, source, category of the first purchase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from joren.understand.ltv.contracts import GroupValue
from joren.understand.ltv.rules import groups, thresholds
from joren.understand.ltv.services.gathering import Refresh
from joren.understand.ltv.services.reporting.means import Forecast, mean_figures

SHOWN: Final = 20
REST: Final = "…"


def grouped(refresh: Refresh, dimension: str, forecast: Forecast) -> tuple[GroupValue, ...]:
    """The largest groups, the others as one; whose beginning is not known is a group of its own."""
    rows = refresh.warehouse.engine.rows(
        groups.sums_of(refresh.values, by=groups.DIMENSIONS[dimension])
    )
    shown = rows[:SHOWN]
    if rest := rows[SHOWN:]:
        shown = [*shown, _added(rest)]
    return tuple(_group(refresh, dimension, row, forecast) for row in shown)


def _added(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Sums of parts are the sums of the whole."""
    names = [name for name in rows[0] if name != "value"]
    return {"value": REST} | {
        name: sum(row[name] for row in rows if row[name] is not None) for name in names
    }


def _group(
    refresh: Refresh, dimension: str, row: Mapping[str, Any], forecast: Forecast
) -> GroupValue:
    figures = mean_figures(refresh, row, forecast)
    value = "" if row["value"] is None else str(row["value"])
    label = value
    if dimension == "store" and value.isdigit():
        label = refresh.store_names.get(int(value), value)
    return GroupValue(
        value=value,
        label=label,
        customers=row["customers"],
        thin=row["customers"] < thresholds.THIN,
        revenue_past=figures["revenue_past"],
        profit_past=figures["profit_past"],
        revenue_365d=figures["revenue_365d"],
        profit_365d=figures["profit_365d"],
    )
