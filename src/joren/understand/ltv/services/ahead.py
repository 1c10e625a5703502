"""How far one customer's predicted revenue may be off by chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joren.core.ids import CustomerId
from joren.science.clv import Summary, bg_nbd, gamma_gamma
from joren.science.clv.revenue_ahead import chances_of_purchases, revenue_interval
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import Prediction
from joren.understand.ltv.rules import thresholds
from joren.understand.ltv.services.predicting import ORDERS_MODEL, SPEND_MODEL
from joren.warehouse import Snapshot


def worth_of(customer: CustomerId, snapshot: Snapshot) -> dict[str, Any]:
    """One customer's row of CUSTOMER_VALUES, with bounds of the revenue of the year ahead."""
    row = selectors.value_of(customer, snapshot)
    bounds = _bounds(row, selectors.value_report(snapshot).prediction)
    low, high = bounds or (None, None)
    return {
        **row,
        "revenue_365d_low": low,
        "revenue_365d_high": high,
        "level": thresholds.LEVEL if bounds else None,
    }


def _bounds(row: Mapping[str, Any], prediction: Prediction) -> tuple[float, float] | None:
    """At the parameters that the snapshot was predicted by."""
    fitted = {one.name: dict(one.parameters) for one in prediction.models}
    if row["revenue_365d"] is None or not {ORDERS_MODEL, SPEND_MODEL} <= fitted.keys():
        return None
    orders = bg_nbd.given(**fitted[ORDERS_MODEL])
    past = Summary([float(row["frequency"])], [float(row["recency"])], [float(row["T"])])
    spent = row["monetary_value"]
    return revenue_interval(
        chances_of_purchases(orders, past, prediction.horizon_days),
        gamma_gamma.given(**fitted[SPEND_MODEL]),
        frequency=0 if spent is None else row["frequency"],
        monetary_value=spent or 0.0,
        level=thresholds.LEVEL,
    )
