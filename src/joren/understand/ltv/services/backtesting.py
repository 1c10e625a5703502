"""What the models would have said on an earlier day, held against what came after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

import ibis.expr.types as ir
import pyarrow as pa

from joren.core.figures import Figure
from joren.science import backtest
from joren.science.arrays import Floats
from joren.science.clv import bg_nbd
from joren.understand.ltv.contracts import Backtest, CalibrationClass, reasons
from joren.understand.ltv.rules import summary, thresholds, values
from joren.understand.ltv.rules.exact import real_total, total
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.predicting import (
    MODELS,
    ORDERS_MODEL,
    column,
    fit_orders,
    fit_spend,
    summary_of,
)

HORIZON = thresholds.BACKTEST_WEEKS * 7


@dataclass(frozen=True)
class Judged:
    """One cut-off: the customers of then, what was predicted for them and what they did."""

    cutoff: date
    fitted: bg_nbd.Fitted
    rows: pa.Table
    predicted: Floats
    card: backtest.Card

    @property
    def log_error(self) -> float | None:
        """ln(actual / predicted) of the total."""
        if not (self.card.actual_total > 0 and self.card.predicted_total > 0):
            return None
        return log(self.card.actual_total / self.card.predicted_total)


@dataclass(frozen=True)
class Verdict:
    """The back-test's document, and the errors of totals that an interval is made of."""

    document: Backtest
    log_errors: tuple[float, ...]
    why_no_interval: str


def backtests(gathered: Gathered, days: ir.Table, *, first_on: date) -> Verdict:
    """Judge the models on the last weeks, and their totals at earlier cut-offs."""
    history = (gathered.as_of - first_on).days
    waits = thresholds.why_no_interval(days=history)
    cutoffs = cutoffs_within(gathered.as_of, first_on=first_on)
    if not cutoffs:
        return Verdict(_not_yet(gathered, thresholds.why_no_backtest(days=history)), (), waits)
    seen = gathered.holding.hold(summary.outlooks(days, cutoffs=cutoffs, horizon=HORIZON))
    judged = [
        found
        for number, cutoff in enumerate(cutoffs)
        if (found := _judge(gathered, seen, number, cutoff)) is not None
    ]
    if not judged or judged[0].cutoff != cutoffs[0]:
        return Verdict(_not_yet(gathered, reasons.TOO_FEW_CAME_BACK), (), waits)
    errors = tuple(one.log_error for one in judged if one.log_error is not None)
    return Verdict(_document(gathered, days, judged), errors, waits)


def cutoffs_within(as_of: date, *, first_on: date) -> list[date]:
    """The cut-offs that leave enough to learn from before and enough to judge by after."""
    every = [
        as_of - timedelta(days=HORIZON * (step + 1))
        for step in range(thresholds.EARLIER_CUTOFFS + 1)
    ]
    return [day for day in every if (day - first_on).days >= thresholds.FIT_WEEKS * 7]


def _judge(gathered: Gathered, seen: ir.Table, number: int, cutoff: date) -> Judged | None:
    engine = gathered.warehouse.engine
    rows = engine.arrow(summary.outlook_at(seen, number, cutoff=cutoff))
    fitted, _ = fit_orders(rows)
    if fitted is None:
        return None
    predicted = fitted.conditional_expected_purchases(summary_of(rows), HORIZON)
    card = backtest.card(column(rows, "after"), predicted, column(rows, "customers"))
    return Judged(cutoff, fitted, rows, predicted, card)


def _document(gathered: Gathered, days: ir.Table, judged: Sequence[Judged]) -> Backtest:
    main, *earlier = judged
    card = main.card
    revenue = _revenue(gathered, days, main)
    return Backtest(
        cutoff=main.cutoff.isoformat(),
        last=(main.cutoff + timedelta(days=HORIZON)).isoformat(),
        weeks=thresholds.BACKTEST_WEEKS,
        customers=int(card.n),
        orders_actual=int(card.actual_total),
        orders_predicted=card.predicted_total,
        bias=_bias(gathered, "bias", card.bias, n=int(card.n), model=ORDERS_MODEL),
        revenue_bias=_bias(gathered, "revenue_bias", revenue[2], n=int(card.n), model=MODELS),
        revenue_actual=revenue[0],
        revenue_predicted=revenue[1],
        mae=card.mae,
        rmse=card.rmse,
        deviance=card.deviance,
        spearman=card.spearman,
        gini=card.gini,
        calibration=_calibration(main),
        earlier=tuple(
            _bias(gathered, "bias", one.card.bias, n=int(one.card.n), at=one.cutoff)
            for one in earlier
        ),
    )


def _calibration(judged: Judged) -> tuple[CalibrationClass, ...]:
    rows = judged.rows
    classes = backtest.calibration(
        column(rows, "frequency"),
        column(rows, "after"),
        judged.predicted,
        column(rows, "customers"),
    )
    return tuple(
        CalibrationClass(one.label, int(one.n), one.actual, one.predicted)
        for one in classes
        if one.actual is not None and one.predicted is not None
    )


def _revenue(
    gathered: Gathered, days: ir.Table, judged: Judged
) -> tuple[int, float | None, float | None]:
    """Revenue that came after the main cut-off, the predicted one, and the error."""
    engine, cutoff = gathered.warehouse.engine, judged.cutoff
    before = summary.summary(days.filter(days.day <= cutoff), as_of=cutoff)
    past = gathered.holding.hold(before)
    end = cutoff + timedelta(days=HORIZON)
    after = days.filter((days.day > cutoff) & (days.day <= end)).semi_join(past, "customer_id")
    (row,) = engine.rows(after.agg(revenue=total(after.revenue).fill_null(0)))
    actual = int(row["revenue"])
    spend, _ = fit_spend(engine.arrow(summary.spends_alike(past)))
    if spend is None:
        return actual, None, None
    scores = gathered.holding.take(
        judged.rows.select(["frequency", "recency", "T"])
        .append_column("orders", pa.array(judged.predicted))
        .group_by(["frequency", "recency", "T"])
        .aggregate([("orders", "min")])
    )
    joined = past.inner_join(scores, ["frequency", "recency", "T"])
    expected = joined.orders_min * values.expected_spend(joined, spend.params)
    (row,) = engine.rows(joined.agg(revenue=real_total(expected)))
    predicted = float(row["revenue"])
    return actual, predicted, predicted / actual - 1 if actual > 0 else None


def _bias(
    gathered: Gathered,
    name: str,
    value: float | None,
    *,
    n: int,
    model: str = ORDERS_MODEL,
    at: date | None = None,
) -> Figure:
    day = gathered.as_of if at is None else at
    why = "" if value is not None else reasons.NOTHING_THEN
    return Figure(name, value, "share", n=n, as_of=day.isoformat(), model=model, why=why)


def _not_yet(gathered: Gathered, why: str) -> Backtest:
    unknown = Figure("bias", None, "share", as_of=gathered.as_of_text, why=why)
    return Backtest(
        cutoff="",
        last="",
        weeks=thresholds.BACKTEST_WEEKS,
        customers=0,
        orders_actual=None,
        orders_predicted=None,
        bias=unknown,
        revenue_bias=Figure("revenue_bias", None, "share", as_of=gathered.as_of_text, why=why),
        revenue_actual=None,
        revenue_predicted=None,
        mae=None,
        rmse=None,
        deviance=None,
        spearman=None,
        gini=None,
        calibration=(),
        earlier=(),
        why=why,
    )
