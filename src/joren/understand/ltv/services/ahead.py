"""What is to be expected: how far revenue and profit may be off, and the next order of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np

from joren.core.ids import CustomerId
from joren.science.clv import spend_choosing as spends
from joren.science.clv.calendar import PERIOD, Calendar, Customers
from joren.science.clv.candidates import GIVEN, Candidate, Clocked
from joren.science.clv.next_day import next_day
from joren.science.clv.revenue_ahead import chances_of_purchases, revenue_intervals
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import ModelReport, YearAhead, reasons
from joren.understand.ltv.rules import terms, thresholds
from joren.understand.ltv.services.judging import number_of
from joren.warehouse import Snapshot

AT_ONCE: Final = 256  # rows; of those who buy about as often few purchases have to be looked at
KEPT: Final = 64  # answers, for whoever turns a list's pages back and forth
NEXT_ORDER = ("next_order_days", "next_order_days_low", "next_order_days_high", "no_further_order")


def worth_of(customer: CustomerId, snapshot: Snapshot) -> dict[str, Any]:
    """One customer's row of CUSTOMER_VALUES, with bounds of the revenue and profit of the year
    ahead, in how many days the next order is to be expected if one comes, and each term between
    revenue and profit as a figure (``terms``), with what is to be said of the profit
    (``profit_past_why``)."""
    row = selectors.value_of(customer, snapshot)
    report = selectors.model_report(snapshot)
    told = told_by(report)
    (year,) = _years([row], report, told)
    return {
        **row,
        **asdict(year),
        **_next_order(row, report, told),
        "level": thresholds.LEVEL if year.level or told else None,
        "terms": terms.terms_of(row, currency=report.currency, as_of=report.as_of),
        "profit_past_why": terms.profit_why(row),
    }


def years_ahead(customers: Collection[int], snapshot: Snapshot) -> dict[int, YearAhead]:
    """Between what the year ahead of each may lie; whoever has not bought by then is not in it."""
    rows = selectors.values_of(customers, snapshot)
    report = selectors.model_report(snapshot)
    found = _years(rows, report, told_by(report))
    return {row["customer_id"]: year for row, year in zip(rows, found, strict=True)}


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
    return _customers([(row["frequency"], row["recency"], row["T"])], report)


def _customers(pasts: Sequence[tuple[float, ...]], report: ModelReport) -> Customers:
    """Of their frequency, recency and T."""
    end = number_of(date.fromisoformat(report.as_of))
    frequency, recency, age = np.array(pasts, dtype=np.float64).T
    return Customers.of(frequency, end - age, end - age + recency, end)


def _years(
    rows: Sequence[Mapping[str, Any]], report: ModelReport, told: Clocked | None
) -> list[YearAhead]:
    """At the parameters that the snapshot was predicted by; whose past is alike, once."""
    why = [_why_not(row, told) for row in rows]
    pasts = [_past(row) for row in rows]
    between: dict[tuple[float, ...], tuple[float, float]] = {}
    if told is not None:
        asked = sorted({past for past, unknown in zip(pasts, why, strict=True) if not unknown})
        by = _By(_said(report), report, told)
        for first in range(0, len(asked), AT_ONCE):
            between |= _between(tuple(asked[first : first + AT_ONCE]), by)
    return [
        _year(row, *between[past]) if not unknown else YearAhead(interval_why=unknown)
        for row, past, unknown in zip(rows, pasts, why, strict=True)
    ]


def _why_not(row: Mapping[str, Any], told: Clocked | None) -> str:
    """Why no bounds can be told; "" where they can."""
    if row["revenue_365d"] is None or told is None:
        return reasons.NO_MODEL_YET
    return "" if row["contract_orders_365d"] is None else reasons.IN_PARTS


def _past(row: Mapping[str, Any]) -> tuple[float, ...]:
    """All that the bounds depend on."""
    spent = row["monetary_value"] or 0.0, row["expected_spend"]
    return row["frequency"], row["recency"], row["T"], *spent


@dataclass(frozen=True)
class _By:
    """The models that bounds rest on; two are the same where all that was said of them is."""

    said: tuple[Any, ...]
    report: ModelReport = field(compare=False)
    told: Clocked = field(compare=False)


def _said(report: ModelReport) -> tuple[Any, ...]:
    letters = [(one.model, one.letter, one.value) for one in report.parameters]
    season = sorted((report.season or {}).items())
    return report.orders_model, report.spend_model, report.as_of, *letters, *season


@lru_cache(maxsize=KEPT)
def _between(
    pasts: tuple[tuple[float, ...], ...], by: _By
) -> dict[tuple[float, ...], tuple[float, float]]:
    report, told = by.report, by.told
    everybody = _customers([past[:3] for past in pasts], report)
    spent, expected = np.array([past[3:] for past in pasts]).T
    spend = spends.GIVEN[report.spend_model](**_letters(report, report.spend_model))
    known = np.where(spent > 0, everybody.frequency, 0)
    ahead = float(told.ahead(everybody.end, thresholds.HORIZON_DAYS))
    low, high = revenue_intervals(
        chances_of_purchases(told.fitted, told.summary(everybody), ahead),
        spend,
        frequency=known,
        monetary_value=spent,
        level=thresholds.LEVEL,
    )
    # The report tells the model's letters, not how it was held to the money that was paid.
    level = expected / spend.conditional_expected_spend(known, spent)
    bounds = zip((low * level).tolist(), (high * level).tolist(), strict=True)
    return dict(zip(pasts, bounds, strict=True))


def _year(row: Mapping[str, Any], low: float, high: float) -> YearAhead:
    """Profit at the customer's margin, which turns the bounds around where it is a loss."""
    year = YearAhead(low, high, level=thresholds.LEVEL)
    margin = row["margin"]
    if margin is None:
        return year
    least, most = sorted((low * margin, high * margin))
    return replace(year, profit_365d_low=least, profit_365d_high=most)


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
