"""Totals, means and costs, and the parts of the report that have files of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from joren.core.figures import Figure
from joren.science import backtest
from joren.understand.ltv.contracts import CostTerm, LeftOut, ValueReport, reasons
from joren.understand.ltv.rules import groups, thresholds
from joren.understand.ltv.rules.exact import total
from joren.understand.ltv.services.backtesting import Verdict
from joren.understand.ltv.services.gathering import Refresh
from joren.understand.ltv.services.predicting import MODELS, ORDERS_MODEL, Outlook
from joren.understand.ltv.services.reporting.beginnings import grouped
from joren.understand.ltv.services.reporting.means import Band, mean_figures
from joren.understand.ltv.services.reporting.movement import movement
from joren.understand.ltv.services.reporting.spread import distributions
from joren.understand.ltv.services.reporting.years import formula_value

COSTS = ("goods_cost", "shipping_borne", "payment_fee")
UNRECORDED = ("points_granted", "message_cost", "service_cost")


def value_report(
    refresh: Refresh, *, past: ir.Table, outlook: Outlook, verdict: Verdict
) -> ValueReport:
    """The document of this snapshot."""
    engine = refresh.warehouse.engine
    (sums,) = engine.rows(groups.sums_of(refresh.values))
    (known,) = engine.rows(_known(past))
    band = _band(verdict)
    why = outlook.prediction.why
    totals = (*_past_totals(refresh, sums, known), *_predicted_totals(refresh, sums, verdict, why))
    return ValueReport(
        snapshot_id=refresh.snapshot_id,
        as_of=refresh.as_of_text,
        currency=refresh.currency,
        totals=totals,
        means=tuple(mean_figures(refresh, sums, band=band, why=why).values()),
        costs=_costs(refresh),
        left_out=tuple(LeftOut(**vars(out)) for out in refresh.left_out),
        prediction=outlook.prediction,
        backtest=verdict.document,
        formula=formula_value(refresh),
        groups={name: grouped(refresh, name, band=band, why=why) for name in groups.DIMENSIONS},
        distributions=distributions(refresh),
        movement=movement(refresh, totals),
        conversions=tuple(refresh.conversions),
    )


def _known(past: ir.Table) -> ir.Table:
    return past.agg(
        orders=total(past.orders),
        known=total(past.known),
        profit=total(past.known_profit),
        refunds=total(past.refunds),
    )


def _past_totals(
    refresh: Refresh, sums: Mapping[str, Any], known: Mapping[str, Any]
) -> tuple[Figure, ...]:
    n, day = sums["customers"], refresh.as_of_text
    share = known["known"] / known["orders"]
    if not known["known"]:
        partly = reasons.UNKNOWN_COST
    elif known["known"] < known["orders"]:
        partly = reasons.COST_COVERS.format(f"{share:.1%}")
    else:
        partly = ""
    money = refresh.currency
    return (
        Figure("customers", n, "customers", n=n, as_of=day),
        Figure("orders", known["orders"], "orders", n=n, as_of=day),
        Figure("revenue_past", sums["revenue_past_total"], money, n=n, as_of=day),
        Figure("refunds", known["refunds"], money, n=n, as_of=day),
        Figure(
            "profit_past",
            known["profit"] if known["known"] else None,
            money,
            n=known["known"],
            as_of=day,
            why=partly,
        ),
    )


def _predicted_totals(
    refresh: Refresh, sums: Mapping[str, Any], verdict: Verdict, why: str
) -> tuple[Figure, ...]:
    return tuple(
        _predicted_total(refresh, sums, name, unit, model, verdict, why)
        for name, unit, model in (
            ("expected_orders_365d", "orders", ORDERS_MODEL),
            ("revenue_365d", refresh.currency, MODELS),
            ("profit_365d", refresh.currency, f"{MODELS} × margin"),
        )
    )


def _predicted_total(
    refresh: Refresh,
    sums: Mapping[str, Any],
    name: str,
    unit: str,
    model: str,
    verdict: Verdict,
    why: str,
) -> Figure:
    n, day = sums[f"{name}_n"], refresh.as_of_text
    if not n:
        return Figure(name, None, unit, as_of=day, model=model, why=why or reasons.UNKNOWN_COST)
    value = float(sums[f"{name}_total"])
    around = backtest.total_interval(verdict.log_errors, abs(value), thresholds.LEVEL)
    if around is None:
        waits = verdict.why_no_interval
        return Figure(name, value, unit, n=n, as_of=day, model=model, why=waits)
    low, high = (around.low, around.high) if value >= 0 else (-around.high, -around.low)
    return Figure(name, value, unit, n, low, high, thresholds.LEVEL, day, model)


def _band(verdict: Verdict) -> Band | None:
    """How far a predicted total may be off, as factors."""
    around = backtest.total_interval(verdict.log_errors, 1.0, thresholds.LEVEL)
    return None if around is None else Band(around.low, around.high)


def _costs(refresh: Refresh) -> tuple[CostTerm, ...]:
    purchases = refresh.purchases
    (row,) = refresh.warehouse.engine.rows(
        purchases.agg(
            purchases=purchases.count(),
            **{name: total(purchases[name]) for name in COSTS},
            **{f"{name}_n": purchases[name].count() for name in COSTS},
        )
    )
    known = tuple(
        _cost(refresh, name, row[name], row[f"{name}_n"], row["purchases"]) for name in COSTS
    )
    return known + tuple(_cost(refresh, name, None, 0, row["purchases"]) for name in UNRECORDED)


def _cost(refresh: Refresh, name: str, amount: int | None, n: int, of: int) -> CostTerm:
    day = refresh.as_of_text
    why = "" if n else reasons.NO_PURCHASE_SAYS
    return CostTerm(
        name,
        Figure(name, amount if n else None, refresh.currency, n=n, as_of=day, why=why),
        Figure("coverage", n / of, "share", n=of, as_of=day),
    )
