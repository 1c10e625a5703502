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
from joren.understand.ltv.services.predicting import Names

PAST = ("revenue_past", "profit_past")
PREDICTED = ("revenue_365d", "profit_365d", "expected_orders_365d")


@dataclass(frozen=True)
class Band:
    """How far a predicted total may be off, as factors on the predicted value."""

    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What all predicted figures have in common; ``why`` they are not known, if they are not."""

    names: Names
    orders: Band | None
    money: Band | None
    why: str

    def band(self, name: str) -> Band | None:
        """Of the totals of orders, or of money."""
        return self.orders if name == "expected_orders_365d" else self.money

    def model(self, name: str) -> str:
        """By which the figure is predicted; "" where it is none."""
        return {
            "revenue_365d": self.names.revenue,
            "profit_365d": self.names.profit,
            "expected_orders_365d": self.names.orders,
        }.get(name, "")


def mean_figures(
    gathered: Gathered, sums: Mapping[str, Any], forecast: Forecast
) -> dict[str, Figure]:
    """One figure per value; ``sums`` is a row of ``groups.sums_of``."""
    return {name: mean_figure(gathered, name, sums, forecast) for name in (*PAST, *PREDICTED)}


def mean_figure(
    gathered: Gathered, name: str, sums: Mapping[str, Any], forecast: Forecast
) -> Figure:
    """Mean and t-interval; a predicted one is widened by how far totals were off before."""
    unit = "orders" if name == "expected_orders_365d" else gathered.currency
    model, n, day = forecast.model(name), sums[f"{name}_n"], gathered.as_of_text
    predicted, band = name in PREDICTED, forecast.band(name)
    if not n:
        reason = (forecast.why or reasons.UNKNOWN_COST) if predicted else reasons.UNKNOWN_COST
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
