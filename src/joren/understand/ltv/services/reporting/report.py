"""Totals, means and costs, and the parts of the report that have files of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from joren.core.figures import Figure
from joren.science.totals import YEAR, Window, days_covered, total_interval
from joren.understand.ltv.contracts import CostTerm, LeftOut, ValueReport, reasons
from joren.understand.ltv.rules import groups, thresholds
from joren.understand.ltv.rules.terms import UNRECORDED
from joren.understand.ltv.services.gathering import Refresh
from joren.understand.ltv.services.judging import Judged
from joren.understand.ltv.services.predicting import Outlook
from joren.understand.ltv.services.reporting.backtest import backtest_of
from joren.understand.ltv.services.reporting.beginnings import grouped
from joren.understand.ltv.services.reporting.means import Band, Forecast, mean_figures
from joren.understand.ltv.services.reporting.movement import movement
from joren.understand.ltv.services.reporting.spread import distributions
from joren.understand.ltv.services.reporting.stores import stores
from joren.understand.ltv.services.reporting.years import formula_value
from joren.warehouse.sums import total, total_if_any

COSTS = ("goods_cost", "shipping_borne", "payment_fee")
PREDICTED_TOTALS = ("expected_orders_365d", "revenue_365d", "profit_365d")


def value_report(
    refresh: Refresh, *, past: ir.Table, outlook: Outlook, judged: Judged
) -> ValueReport:
    """The document of this snapshot."""
    engine = refresh.warehouse.engine
    (sums,) = engine.rows(groups.sums_of(refresh.values))
    (known,) = engine.rows(_known(past))
    forecast = _forecast(sums, outlook, judged)
    totals = (
        *_past_totals(refresh, sums, known),
        *(_predicted_total(refresh, sums, name, judged, forecast) for name in PREDICTED_TOTALS),
    )
    return ValueReport(
        snapshot_id=refresh.snapshot_id,
        as_of=refresh.as_of_text,
        currency=refresh.currency,
        totals=totals,
        means=tuple(mean_figures(refresh, sums, forecast).values()),
        costs=_costs(refresh),
        left_out=tuple(LeftOut(**vars(out)) for out in refresh.left_out),
        prediction=outlook.prediction,
        backtest=backtest_of(refresh, judged, outlook.names),
        formula=formula_value(refresh),
        groups={name: grouped(refresh, name, forecast) for name in groups.DIMENSIONS},
        distributions=distributions(refresh),
        movement=movement(refresh, totals),
        conversions=tuple(refresh.conversions),
        stores=stores(refresh),
    )


def _known(past: ir.Table) -> ir.Table:
    return past.agg(
        orders=total_if_any(past.orders),
        known=total_if_any(past.known),
        profit=total_if_any(past.known_profit),
        refunds=total_if_any(past.refunds),
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


def _predicted_total(
    refresh: Refresh,
    sums: Mapping[str, Any],
    name: str,
    judged: Judged,
    forecast: Forecast,
) -> Figure:
    unit = "orders" if name == "expected_orders_365d" else refresh.currency
    n, day, model = sums[f"{name}_n"], refresh.as_of_text, forecast.model(name)
    if not n:
        why = forecast.why or reasons.UNKNOWN_COST
        return Figure(name, None, unit, as_of=day, model=model, why=why)
    value, band = float(sums[f"{name}_total"]), forecast.band(name)
    if band is None:
        return Figure(name, value, unit, n=n, as_of=day, model=model, why=judged.why)
    low, high = sorted((value * band.low, value * band.high))
    why = _rests_on(judged)
    return Figure(name, value, unit, n, low, high, thresholds.LEVEL, day, model, why)


def _rests_on(judged: Judged) -> str:
    """What is to be said of an interval that rests on little."""
    return reasons.YOUNG if days_covered(judged.windows) < YEAR else ""


def _forecast(sums: Mapping[str, Any], outlook: Outlook, judged: Judged) -> Forecast:
    orders = _band(judged.windows, sums["expected_orders_365d_total"])
    money = _band(judged.revenue_windows, sums["revenue_365d_total"])
    return Forecast(outlook.names, orders, money, outlook.prediction.why)


def _band(windows: Sequence[Window], predicted: float | None) -> Band | None:
    """How far the total of a year may be off, as factors; None where nothing could be judged."""
    if not windows or predicted is None or predicted <= 0:
        return None
    around = total_interval(windows, float(predicted), thresholds.HORIZON_DAYS, thresholds.LEVEL)
    return Band(around.low / float(predicted), around.high / float(predicted))


def _costs(refresh: Refresh) -> tuple[CostTerm, ...]:
    purchases = refresh.purchases
    (row,) = refresh.warehouse.engine.rows(
        purchases.agg(
            purchases=purchases.count(),
            **{name: total_if_any(purchases[name]) for name in COSTS},
            **{f"{name}_n": purchases[name].count() for name in COSTS},
        )
    )
    silent, unrecorded = reasons.NO_PURCHASE_SAYS, reasons.NOT_RECORDED
    purchased = row["purchases"]
    known = (_cost(refresh, name, row[name], row[f"{name}_n"], purchased, silent) for name in COSTS)
    others = (_cost(refresh, name, None, 0, purchased, unrecorded) for name in UNRECORDED)
    return (*known, _message_cost(refresh), *others)


def _message_cost(refresh: Refresh) -> CostTerm:
    """Of the messages to those who purchased; what one costs is said in the rules of sending."""
    told, day = refresh.messages, refresh.as_of_text
    (row,) = refresh.warehouse.engine.rows(
        told.agg(n=total(told.messages), known=total(told.known), cost=total(told.cost))
    )
    n, known = row["n"], row["known"]
    why = "" if known else reasons.NO_MESSAGE_COST if n else reasons.NO_MESSAGE
    share = known / n if n else None
    return CostTerm(
        "message_cost",
        Figure(
            "message_cost", row["cost"] if known else None, refresh.currency, n=known, as_of=day,
            why=why,
        ),
        Figure("coverage", share, "share", n=n, as_of=day, why="" if n else reasons.NO_MESSAGE),
    )  # fmt: skip


def _cost(
    refresh: Refresh, name: str, amount: int | None, n: int, of: int, unknown: str
) -> CostTerm:
    day, why = refresh.as_of_text, "" if n else unknown
    return CostTerm(
        name,
        Figure(name, amount if n else None, refresh.currency, n=n, as_of=day, why=why),
        Figure("coverage", n / of, "share", n=of, as_of=day),
    )
