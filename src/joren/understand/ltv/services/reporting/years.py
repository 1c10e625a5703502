"""The formula LTV of the last year against the year before, and which term moved it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from joren.core.figures import Figure
from joren.core.period import Period, trailing
from joren.science.decomposition import decompose
from joren.understand.ltv.contracts import FormulaPeriod, FormulaValue, reasons
from joren.understand.ltv.rules import periods, thresholds
from joren.understand.ltv.services.gathering import Refresh

FORMULA = "average order value × frequency × years kept"
TERMS = ("order_value", "purchase_frequency", "duration")


def formula_value(refresh: Refresh) -> FormulaValue:
    """Both years and the parts of the change; the parts add up to it."""
    period = trailing(periods.YEAR, refresh.as_of)
    first_on = _first_day(refresh)
    now_terms, now = _year(refresh, period, first_on)
    before_terms, before = _year(refresh, period.before, first_on)
    if now_terms is None or before_terms is None:
        why = now.value.why or before.value.why
        unknown = Figure(
            "formula_ltv", None, refresh.currency, as_of=refresh.as_of_text, model=FORMULA, why=why
        )
        return FormulaValue(now, before, unknown, ())
    split = decompose(before_terms, now_terms)
    parts = tuple(
        Figure(name, split.parts[name], refresh.currency, as_of=refresh.as_of_text, model=FORMULA)
        for name in TERMS
    )
    change = Figure(
        "formula_ltv", split.change, refresh.currency, as_of=refresh.as_of_text, model=FORMULA
    )
    return FormulaValue(now, before, change, parts)


def _year(
    refresh: Refresh, period: Period, first_on: date
) -> tuple[dict[str, float] | None, FormulaPeriod]:
    engine = refresh.warehouse.engine
    (row,) = engine.rows(periods.period_sums(refresh.purchases, period))
    (credited,) = engine.rows(periods.credited_within(refresh.credits, period))
    row["revenue"] -= credited["amount"]
    sums = periods.PeriodSums(**row)
    terms = periods.formula_terms(sums)
    if first_on > period.first:  # half a year looks like half the frequency
        short = thresholds.weeks_short((period.last - first_on).days + 1, 52)
        why = reasons.NEEDS_WEEKS.format(max(short, 1))
        terms = None
    else:
        why = "" if terms is not None else reasons.NOTHING_THAT_YEAR
    return (None if terms is None else dict(terms)), _shown(refresh, period, sums, terms, why)


def _shown(
    refresh: Refresh,
    period: Period,
    sums: periods.PeriodSums,
    terms: Mapping[str, float] | None,
    why: str,
) -> FormulaPeriod:
    n, day, money = sums.customers, period.last.isoformat(), refresh.currency

    def figure(name: str, value: float | None, unit: str) -> Figure:
        return Figure(name, value, unit, n=n, as_of=day, model=FORMULA, why=why)

    known = terms or {}
    product = None
    if terms is not None:
        product = terms["order_value"] * terms["purchase_frequency"] * terms["duration"]
    return FormulaPeriod(
        first=period.first.isoformat(),
        last=day,
        value=figure("formula_ltv", product, money),
        order_value=figure("order_value", known.get("order_value"), money),
        frequency=figure("purchase_frequency", known.get("purchase_frequency"), "ratio"),
        duration=figure("duration", known.get("duration"), "ratio"),
    )


def _first_day(refresh: Refresh) -> date:
    (row,) = refresh.warehouse.engine.rows(
        refresh.values.agg(first_on=refresh.values.first_on.min())
    )
    first: date = row["first_on"]
    return first
