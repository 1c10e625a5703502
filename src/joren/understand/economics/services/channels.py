"""What the customers of one source cost and brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from joren.core.figures import Figure
from joren.understand.economics.contracts import (
    YEAR_MONTHS,
    ChannelEconomics,
    CurvePoint,
    EconomicsRules,
    MonthCost,
    Touch,
    reasons,
)
from joren.understand.economics.rules import curves, spending
from joren.understand.economics.rules.spending import Spending
from joren.understand.economics.services.scene import Scene, over, times

SHOWN_MONTHS = 24
_YEAR = timedelta(days=365)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Counted:
    """Rows of sums of one source and touch, or of everything."""

    new: Mapping[date, int]
    spending: Spending | None  # None: nobody pays for this touch
    years: Sequence[Row]
    expected: Sequence[Row]
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True)
class FirstYear:
    """Customers who have been here for a year, and the months in which they came."""

    months: tuple[date, ...]
    revenue: Figure
    profit: Figure
    coverage: Figure
    margin: float | None
    repeat_rate: Figure


def channel(
    scene: Scene, rules: EconomicsRules, source: str | None, touch: Touch | None, counted: Counted
) -> ChannelEconomics:
    """Everything about one source."""
    since = min(counted.new, default=scene.as_of)
    months = spending.full_months(scene.as_of, since=since, last=YEAR_MONTHS)
    year = first_year(scene, counted.years)
    recent = _cac(scene, counted, months, source)
    then = _cac(scene, counted, year.months, source) if year.months else recent
    cost, model = (then, "") if then.value is not None else (recent, reasons.CAC_OF_LAST_MONTHS)
    ahead = _expected(scene, counted.expected)
    ahead_profit = (
        scene.unknown("ltv_cac_expected", scene.currency, reasons.COST_UNKNOWN)
        if year.margin is None
        else times("revenue_expected", scene.currency, ahead, year.margin, model=ahead.model)
    )
    return ChannelEconomics(
        source=source,
        touch=touch,
        new_customers=sum(counted.new.get(month, 0) for month in months),
        spend=_spent(counted, months),
        cac=recent,
        revenue_first_year=year.revenue,
        profit_first_year=year.profit,
        revenue_expected=ahead,
        ltv_cac_revenue=over("ltv_cac_revenue", year.revenue, cost, model=model),
        ltv_cac=over("ltv_cac", year.profit, cost, model=model),
        ltv_cac_expected=over("ltv_cac_expected", ahead_profit, recent, model=ahead.model),
        payback_months=_payback(scene, counted.curve, cost, model),
        allowed_cac_payback=curves.allowed_by_payback(counted.curve, rules.payback_months, recent),
        allowed_cac_ratio=curves.allowed_by_ratio(year.profit, rules.ltv_to_cac),
        profit_coverage=year.coverage,
        curve=counted.curve,
        months=_month_costs(scene, counted, since, source),
    )


def first_year(scene: Scene, rows: Sequence[Row]) -> FirstYear:
    """The newest twelve months of which every customer has been here for 365 days."""
    whole = sorted(
        {row["month"] for row in rows if spending.month_end(row["month"]) + _YEAR <= scene.as_of}
    )[-YEAR_MONTHS:]
    chosen = [row for row in rows if row["month"] in whole] if whole else list(rows)
    sums = {
        name: sum(row[name] for row in chosen)
        for name in (
            *("customers", "revenue", "revenue_squares", "costed", "profit"),
            *("message_cost", "profit_squares", "uncosted", "again"),
        )
    }
    n, revenue = int(sums["customers"]), int(sums["revenue"])
    told = int(sums["message_cost"])
    margin = curves.margin(revenue, int(sums["costed"]), int(sums["profit"]) + told, told)
    mean = scene.mean(
        "revenue_first_year",
        scene.currency,
        n,
        revenue,
        sums["revenue_squares"],
        reasons.NOBODY_A_YEAR,
    )
    return FirstYear(
        months=tuple(sorted({row["month"] for row in chosen})),
        revenue=mean,
        profit=_first_profit(scene, sums, margin),
        coverage=scene.part(
            "profit_coverage", int(sums["costed"]), revenue, n, reasons.NOBODY_A_YEAR
        ),
        margin=margin,
        repeat_rate=scene.rate("repeat_rate", int(sums["again"]), n, reasons.NOBODY_A_YEAR),
    )


def _first_profit(scene: Scene, sums: Mapping[str, float], margin: float | None) -> Figure:
    name, unit, n = "profit_first_year", scene.currency, int(sums["customers"])
    if n == 0:
        return scene.unknown(name, unit, reasons.NOBODY_A_YEAR)
    if margin is None:
        return scene.unknown(name, unit, reasons.COST_UNKNOWN, n=n)
    if sums["uncosted"] == 0:
        return scene.mean(name, unit, n, sums["profit"], sums["profit_squares"], "")
    # Of some purchases the cost is missing: the margin of the others stands for them.
    return scene.plain(
        name, margin * sums["revenue"] / n, unit, n, model=reasons.MARGIN_TIMES_REVENUE
    )


def _expected(scene: Scene, rows: Sequence[Row]) -> Figure:
    name, unit = "revenue_expected", scene.currency
    n = sum(row["customers"] for row in rows)
    if n == 0:
        return scene.unknown(name, unit, reasons.NOBODY_NEW_THIS_YEAR)
    if sum(row["known"] for row in rows) < n:
        return scene.unknown(name, unit, reasons.NOT_PREDICTED, n=n)
    total = sum(row["expected"] for row in rows) / 1000
    return scene.plain(name, total / n, unit, n, model=reasons.PAST_AND_PREDICTED)


def _cac(scene: Scene, counted: Counted, months: Sequence[date], source: str | None) -> Figure:
    """Spend per new customer over those of the months whose spend is known."""
    if counted.spending is None:
        return scene.unknown("cac", scene.currency, reasons.NOTHING_PAID)
    known = [month for month in months if counted.spending.known(month)]
    if not known:
        why = reasons.NO_SPEND if source is None else reasons.NO_SPEND_OF_SOURCE
        return scene.unknown("cac", scene.currency, why)
    spent = sum(counted.spending.for_new(month) or 0 for month in known)
    came = sum(counted.new.get(month, 0) for month in known)
    if came == 0:
        return scene.unknown("cac", scene.currency, reasons.NOBODY_NEW)
    model = "" if len(known) == len(months) else reasons.SOME_MONTHS.format(len(known), len(months))
    return scene.plain("cac", spent / came, scene.currency, came, model=model)


def _spent(counted: Counted, months: Sequence[date]) -> int | None:
    if counted.spending is None:
        return None
    spent = [counted.spending.for_new(month) for month in months]
    known = [amount for amount in spent if amount is not None]
    return sum(known) if known else None


def _payback(scene: Scene, curve: Sequence[CurvePoint], cost: Figure, model: str) -> Figure:
    name, unit = "payback_months", "months"
    if cost.value is None:
        return scene.unknown(name, unit, cost.why)
    found = curves.payback(curve, cost.value)
    if found.until is None:
        return scene.unknown(name, unit, reasons.NO_CURVE.format(curves.ENOUGH))
    if found.month is None:
        return scene.unknown(name, unit, reasons.NOT_WITHIN.format(found.until), n=curve[0].n)
    n = next(point.n for point in curve if point.month == found.month)
    return scene.plain(name, found.month, unit, n, model=model)


def _month_costs(
    scene: Scene, counted: Counted, since: date, source: str | None
) -> tuple[MonthCost, ...]:
    shown = spending.last_months(scene.as_of, since=since, last=SHOWN_MONTHS)
    return tuple(
        MonthCost(
            month=month,
            complete=spending.month_end(month) <= scene.as_of,
            new_customers=counted.new.get(month, 0),
            spend=_spent(counted, [month]),
            cac=_cac(scene, counted, [month], source),
        )
        for month in shown
    )
