"""Means per customer with their intervals, from sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from joren.core.figures import Figure
from joren.science.inference import Sums, mean_interval
from joren.understand.ltv.contracts import reasons
from joren.understand.ltv.rules import thresholds
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.predicting import MODELS, ORDERS_MODEL

PAST = ("revenue_past", "profit_past")
MODEL_OF: Mapping[str, str] = {
    "revenue_365d": MODELS,
    "profit_365d": f"{MODELS} × margin",
    "expected_orders_365d": ORDERS_MODEL,
}


@dataclass(frozen=True)
class Band:
    """How far predicted totals were off before, as factors on the predicted value."""

    low: float
    high: float


def mean_figures(
    gathered: Gathered, sums: Mapping[str, Any], *, band: Band | None, why: str
) -> dict[str, Figure]:
    """One figure per value; ``sums`` is a row of ``groups.sums_of``."""
    return {
        name: mean_figure(gathered, name, sums, band=band, why=why) for name in (*PAST, *MODEL_OF)
    }


def mean_figure(
    gathered: Gathered, name: str, sums: Mapping[str, Any], *, band: Band | None, why: str
) -> Figure:
    """Mean and t-interval; a predicted one is widened by how far totals were off before."""
    unit = "orders" if name == "expected_orders_365d" else gathered.currency
    model, n, day = MODEL_OF.get(name, ""), sums[f"{name}_n"], gathered.as_of_text
    predicted = name in MODEL_OF
    if not n:
        reason = (why or reasons.UNKNOWN_COST) if predicted else reasons.UNKNOWN_COST
        return Figure(name, None, unit, n=0, as_of=day, model=model, why=reason)
    found = mean_interval(
        Sums(n, float(sums[f"{name}_total"]), float(sums[f"{name}_squares"])), thresholds.LEVEL
    )
    value, low, high = float(found.estimate), float(found.low), float(found.high)
    if predicted and band is not None:
        low, high = min(low * band.low, low * band.high), max(high * band.low, high * band.high)
    if not (isfinite(low) and isfinite(high)):
        return Figure(name, value, unit, n=n, as_of=day, model=model, why=reasons.ONE_CUSTOMER)
    note = reasons.SPREAD_ONLY if predicted and band is None else _partly(name, sums)
    return Figure(name, value, unit, n, low, high, thresholds.LEVEL, day, model, note)


def _partly(name: str, sums: Mapping[str, Any]) -> str:
    if name == "profit_past" and sums["profit_past_n"] < sums["customers"]:
        known, every = f"{sums['profit_past_n']:,}", f"{sums['customers']:,}"
        return reasons.COST_IN_FULL.format(known, every)
    return ""
