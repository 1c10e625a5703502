"""What is to be expected of one customer: how far their revenue may be off, and the next order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from joren.core.ids import CustomerId
from joren.science.clv import gamma_gamma
from joren.science.clv.calendar import PERIOD, Calendar, Customers
from joren.science.clv.candidates import GIVEN, Candidate, Clocked
from joren.science.clv.next_day import next_day
from joren.science.clv.revenue_ahead import chances_of_purchases, revenue_interval
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import ModelReport
from joren.understand.ltv.rules import terms, thresholds
from joren.understand.ltv.services.judging import number_of
from joren.warehouse import Snapshot

SPEND_MODEL = "Gamma-Gamma"
NEXT_ORDER = ("next_order_days", "next_order_days_low", "next_order_days_high", "no_further_order")


def worth_of(customer: CustomerId, snapshot: Snapshot) -> dict[str, Any]:
    """One customer's row of CUSTOMER_VALUES, with bounds of the revenue of the year ahead, in how
    many days the next order is to be expected if one comes, and each term between revenue and
    profit as a figure (``terms``), with what is to be said of the profit (``profit_past_why``)."""
    row = selectors.value_of(customer, snapshot)
    report = selectors.model_report(snapshot)
    told = told_by(report)
    bounds = _bounds(row, report, told)
    low, high = bounds or (None, None)
    return {
        **row,
        "revenue_365d_low": low,
        "revenue_365d_high": high,
        **_next_order(row, report, told),
        "level": thresholds.LEVEL if bounds or told else None,
        "terms": terms.terms_of(row, currency=report.currency, as_of=report.as_of),
        "profit_past_why": terms.profit_why(row),
    }


def _next_order(
    row: Mapping[str, Any], report: ModelReport, told: Clocked | None
) -> dict[str, float | None]:
    """The median of the days until it with bounds, null beyond what a calendar reaches, and the
    chance that none ever comes."""
    if told is None or row["contract_orders_365d"] is not None:  # a contract has its own days
        return dict.fromkeys(NEXT_ORDER)
    found = next_day(told, _alone(row, report), level=thresholds.LEVEL)
    return dict(zip(NEXT_ORDER, found, strict=True))


def _alone(row: Mapping[str, Any], report: ModelReport) -> Customers:
    end = number_of(date.fromisoformat(report.as_of))
    first = end - float(row["T"])
    return Customers.of([row["frequency"]], [first], [first + row["recency"]], end)


def _bounds(
    row: Mapping[str, Any], report: ModelReport, told: Clocked | None
) -> tuple[float, float] | None:
    """At the parameters that the snapshot was predicted by; of Gamma-Gamma alone."""
    spend = _letters(report, report.spend_model)
    if row["contract_orders_365d"] is not None:
        return None  # in parts, whose chances together no model tells
    if row["revenue_365d"] is None or told is None or report.spend_model != SPEND_MODEL:
        return None
    one = _alone(row, report)
    ahead = float(told.ahead(one.end, thresholds.HORIZON_DAYS))
    spent = row["monetary_value"]
    return revenue_interval(
        chances_of_purchases(told.fitted, told.summary(one), ahead),
        gamma_gamma.given(**spend),
        frequency=0 if spent is None else row["frequency"],
        monetary_value=spent or 0.0,
        level=thresholds.LEVEL,
    )


def told_by(report: ModelReport) -> Clocked | None:
    """The model of orders as it was fitted, on its clock; None where none could be."""
    model = report.orders_model.split(" × ", maxsplit=1)[0]
    letters = _letters(report, model)
    if not letters:
        return None
    calendar = None
    if report.season:
        start = date.fromisoformat(min(report.season)) - timedelta(days=PERIOD)
        speeds = np.array([report.season[day] for day in sorted(report.season)])
        calendar = Calendar(number_of(start), np.log(speeds), 1.0)
    return Clocked(Candidate(model), GIVEN[model](**letters), calendar)


def _letters(report: ModelReport, model: str) -> dict[str, float]:
    return {one.letter: one.value for one in report.parameters if one.model == model}
