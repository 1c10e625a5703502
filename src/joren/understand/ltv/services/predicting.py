"""From what customers did to what they may do, by the models that the shop's own past chose."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from math import isinf

import ibis.expr.types as ir
import pyarrow as pa

from joren.core.beside import beside
from joren.core.errors import Refused
from joren.core.figures import Figure
from joren.science.clv import gamma_gamma
from joren.science.clv import spend_choosing as spends
from joren.science.clv.calendar import Customers
from joren.science.clv.candidates import Candidate, Clocked, fitted
from joren.science.clv.estimates import Estimate
from joren.science.clv.origins import thin
from joren.science.shrinkage import Prior, RatioSums, estimated_prior
from joren.understand.ltv.contracts import Belief, ModelFit, Prediction, reasons
from joren.understand.ltv.rules import scoring, summary, thresholds, values
from joren.understand.ltv.rules.scoring import column
from joren.understand.ltv.services.believing import believed
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.judging import Judged, number_of
from joren.warehouse import Warehouse


@dataclass(frozen=True)
class Outlook:
    """What the predictions of all customers are computed from; None where not known."""

    told: Clocked | None
    spend: spends.Fitted | None
    margin: Prior | None
    prediction: Prediction
    names: Names
    believing: Future[tuple[Belief, ...]] | None  # of the model of orders

    @property
    def beliefs(self) -> tuple[Belief, ...]:
        """How surely the past speaks of the model of orders; waits until that is known."""
        return () if self.believing is None else self.believing.result()


@dataclass(frozen=True)
class Names:
    """Of the models, as figures name them."""

    orders: str
    spend: str

    @property
    def revenue(self) -> str:
        """Of what orders and spend give together."""
        return f"{self.orders} × {self.spend}"

    @property
    def profit(self) -> str:
        return f"{self.revenue} × margin"


def name_of(candidate: Candidate) -> str:
    """``Pareto/NBD``, or ``Pareto/NBD × season``."""
    return candidate.model if candidate.spread is None else f"{candidate.model} × season"


def names_of(judged: Judged) -> Names:
    """Of the models that were chosen."""
    return Names(name_of(judged.orders.candidate), judged.spends.candidate)


def learn(gathered: Gathered, past: ir.Table, judged: Judged) -> Outlook:
    """Fit the models on customers as they stand at the as-of day."""
    warehouse, names = gathered.warehouse, names_of(judged)
    rows = warehouse.engine.arrow(summary.alike(past))
    customers = scoring.customers(rows, number_of(gathered.as_of))
    told, why = _fit_orders(customers, judged)
    spend, why_spend = _fit_spend(
        warehouse.engine.arrow(summary.spends_alike(past)), judged.spends.candidate
    )
    believing = (
        None
        if told is None
        else beside(believed, told, customers, as_of=gathered.as_of_text, name=names.orders)
    )
    margin = _shop_margin(warehouse, past)
    models = []
    if told is not None:
        models.append(_told(names.orders, told.fitted, int(sum_of(rows, "customers"))))
    if spend is not None:
        models.append(_told(names.spend, spend, _evidence_n(spend), remark=_spend_remark(spend)))
    return Outlook(
        told=told,
        spend=spend,
        margin=margin,
        prediction=Prediction(
            horizon_days=thresholds.HORIZON_DAYS,
            models=tuple(models),
            why=why or why_spend,
            margin=_margin_figure(gathered, margin),
            margin_strength=_strength_figure(gathered, margin),
        ),
        names=names,
        believing=believing,
    )


def _fit_orders(customers: Customers, judged: Judged) -> tuple[Clocked | None, str]:
    """The chosen model on all customers, in days; else why not.

    The calendar is learned from the customers on whom the models were judged.
    """
    age = customers.end - customers.first
    repeaters = int(customers.weights[customers.frequency > 0].sum())
    if why := thresholds.why_no_prediction(days=int(age.max(initial=0.0)), repeaters=repeaters):
        return None, why
    candidate, marks = judged.orders.candidate, judged.orders.marks
    try:
        calendar = None
        if candidate.spread is not None:
            calendar, _ = thin(judged.today).learned.clock(candidate.spread)
        near = marks[-1].told.fitted.params if marks else None
        return fitted(candidate, customers, calendar, near), ""
    except Refused as refused:
        return None, refused.message


def _fit_spend(rows: pa.Table, model: str) -> tuple[spends.Fitted | None, str]:
    """The model on unique rows of spend days and their sum; else why not."""
    days, spend = column(rows, "spend_days"), column(rows, "spend")
    try:
        return spends.FITS[model](days, spend / days, column(rows, "customers")), ""
    except Refused as refused:
        return None, refused.message


def sum_of(rows: pa.Table, name: str) -> float:
    """The sum of a column of whole numbers."""
    return float(column(rows, name).sum())


def _shop_margin(warehouse: Warehouse, past: ir.Table) -> Prior | None:
    (sums,) = warehouse.engine.rows(values.margin_sums(past))
    if not sums["n"]:
        return None
    return estimated_prior(RatioSums(**{name: float(value) for name, value in sums.items()}))


def _told(name: str, found: Estimate, n: int, *, remark: str = "") -> ModelFit:
    likelihood = found.log_likelihood
    known = None if likelihood is None else float(likelihood)
    return ModelFit(name, dict(found.params), known, n, remark)


def _evidence_n(found: Estimate) -> int:
    return int(found.evidence.customers) if found.evidence is not None else 0


def _spend_remark(fitted: spends.Fitted) -> str:
    if not isinstance(fitted, gamma_gamma.Fitted):
        return ""
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
