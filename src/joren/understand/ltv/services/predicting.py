"""From what customers did to what they may do: BG/NBD for how often, Gamma-Gamma for how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.core.errors import Refused
from joren.core.figures import Figure
from joren.science.arrays import Floats
from joren.science.clv import Summary, bg_nbd, gamma_gamma
from joren.science.shrinkage import Prior, RatioSums, estimated_prior
from joren.understand.ltv.contracts import ModelFit, Prediction, reasons
from joren.understand.ltv.rules import summary, thresholds, values
from joren.understand.ltv.services.gathering import Gathered
from joren.warehouse import Warehouse

ORDERS_MODEL = "BG/NBD"
SPEND_MODEL = "Gamma-Gamma"
MODELS = f"{ORDERS_MODEL} × {SPEND_MODEL}"


@dataclass(frozen=True)
class Outlook:
    """What the predictions of all customers are computed from; None where not known."""

    scores: pa.Table | None
    spend: Mapping[str, float] | None
    margin: Prior | None
    prediction: Prediction


def learn(gathered: Gathered, past: ir.Table) -> Outlook:
    """Fit the models on customers as they stand at the as-of day."""
    warehouse = gathered.warehouse
    rows = warehouse.engine.arrow(summary.alike(past))
    orders, why = fit_orders(rows)
    spend, why_spend = fit_spend(warehouse.engine.arrow(summary.spends_alike(past)))
    margin = _shop_margin(warehouse, past)
    models = []
    if orders is not None:
        models.append(_told(ORDERS_MODEL, orders, int(sum_of(rows, "customers"))))
    if spend is not None:
        models.append(_told(SPEND_MODEL, spend, _evidence_n(spend), remark=_spend_remark(spend)))
    return Outlook(
        scores=None if orders is None else _scores(orders, rows),
        spend=None if spend is None else dict(spend.params),
        margin=margin,
        prediction=Prediction(
            horizon_days=thresholds.HORIZON_DAYS,
            models=tuple(models),
            why=why or why_spend,
            margin=_margin_figure(gathered, margin),
            margin_strength=_strength_figure(gathered, margin),
        ),
    )


def fit_orders(rows: pa.Table) -> tuple[bg_nbd.Fitted | None, str]:
    """BG/NBD on unique rows of customers, in days; else why not."""
    data = summary_of(rows)
    days = int(data.T.max()) if len(data) else 0
    if why := thresholds.why_no_prediction(days=days, repeaters=int(data.repeaters)):
        return None, why
    try:
        return bg_nbd.fit(data), ""
    except Refused as refused:
        return None, refused.message


def fit_spend(rows: pa.Table) -> tuple[gamma_gamma.Fitted | None, str]:
    """Gamma-Gamma on unique rows of spend days and their sum; else why not."""
    days, spend = column(rows, "spend_days"), column(rows, "spend")
    try:
        return gamma_gamma.fit(days, spend / days, column(rows, "customers")), ""
    except Refused as refused:
        return None, refused.message


def summary_of(rows: pa.Table) -> Summary:
    """Unique rows of customers as science takes them, in days."""
    return Summary(
        column(rows, "frequency"),
        column(rows, "recency"),
        column(rows, "T"),
        column(rows, "customers"),
    )


def column(rows: pa.Table, name: str) -> Floats:
    """One column of numbers."""
    numbers: Floats = rows[name].to_numpy().astype(np.float64)
    return numbers


def sum_of(rows: pa.Table, name: str) -> float:
    """The sum of a column of whole numbers."""
    return float(column(rows, name).sum())


def _scores(fitted: bg_nbd.Fitted, rows: pa.Table) -> pa.Table:
    data = summary_of(rows)
    ahead = fitted.conditional_expected_purchases(data, thresholds.HORIZON_DAYS)
    return (
        rows.select(["frequency", "recency", "T"])
        .append_column("p_alive", pa.array(fitted.probability_alive(data)))
        .append_column("expected_orders_365d", pa.array(ahead))
    )


def _shop_margin(warehouse: Warehouse, past: ir.Table) -> Prior | None:
    (sums,) = warehouse.engine.rows(values.margin_sums(past))
    if not sums["n"]:
        return None
    return estimated_prior(RatioSums(**{name: float(value) for name, value in sums.items()}))


def _told(
    name: str, fitted: bg_nbd.Fitted | gamma_gamma.Fitted, n: int, *, remark: str = ""
) -> ModelFit:
    likelihood = fitted.log_likelihood
    known = None if likelihood is None else float(likelihood)
    return ModelFit(name, dict(fitted.params), known, n, remark)


def _evidence_n(fitted: gamma_gamma.Fitted) -> int:
    return int(fitted.evidence.customers) if fitted.evidence is not None else 0


def _spend_remark(fitted: gamma_gamma.Fitted) -> str:
    if fitted.held_to_mean:
        return "held_to_mean"
    if fitted.correlation is not None and abs(fitted.correlation) > 0.1:
        return f"spend goes with frequency (correlation {fitted.correlation:.2f})"
    return ""


def _margin_figure(gathered: Gathered, margin: Prior | None) -> Figure:
    if margin is None:
        return Figure("margin", None, "share", as_of=gathered.as_of_text, why=reasons.UNKNOWN_COST)
    return Figure("margin", margin.ratio, "share", as_of=gathered.as_of_text)


def _strength_figure(gathered: Gathered, margin: Prior | None) -> Figure | None:
    if margin is None:
        return None
    if isinf(margin.strength):
        return Figure(
            "margin_strength",
            None,
            gathered.currency,
            as_of=gathered.as_of_text,
            why=reasons.MARGINS_ALIKE,
        )
    return Figure("margin_strength", margin.strength, gathered.currency, as_of=gathered.as_of_text)
