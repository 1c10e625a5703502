"""What the chosen models would have said on an earlier day, held against what came after it."""

from __future__ import annotations

from datetime import date, timedelta

from joren.core.figures import Figure
from joren.science import backtest
from joren.understand.ltv.contracts import Backtest, CalibrationClass, reasons
from joren.understand.ltv.rules import windows
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.judging import At, Judged
from joren.understand.ltv.services.predicting import Names


def backtest_of(gathered: Gathered, judged: Judged, names: Names) -> Backtest:
    """The newest cut-off in full, and the errors at the earlier ones."""
    if not judged.history:
        return _not_yet(gathered, judged.why)
    *earlier, main = judged.history
    origin, expected = main.origin, main.foretold.expected
    card = backtest.card(origin.after, expected, origin.customers.weights)
    n, window = int(card.n), main.revenue_window
    predicted = None if main.revenue is None else float(main.revenue.sum())
    return Backtest(
        cutoff=main.seen.cutoff.isoformat(),
        last=(main.seen.cutoff + timedelta(days=judged.plan.days)).isoformat(),
        weeks=judged.plan.days // 7,
        customers=n,
        orders_actual=int(card.actual_total),
        orders_predicted=card.predicted_total,
        bias=_bias(gathered, "bias", card.bias, n=n, model=names.orders),
        revenue_bias=_bias(
            gathered,
            "revenue_bias",
            None if window is None else window.error,
            n=n,
            model=names.revenue,
        ),
        revenue_actual=main.revenue_actual,
        revenue_predicted=predicted,
        mae=card.mae,
        rmse=card.rmse,
        deviance=card.deviance,
        spearman=card.spearman,
        gini=card.gini,
        calibration=_calibration(main),
        earlier=tuple(
            _bias(
                gathered,
                "bias",
                at.foretold.window.error,
                n=int(at.origin.customers.weights.sum()),
                model=names.orders,
                at=at.seen.cutoff,
            )
            for at in reversed(earlier)
        ),
    )


def _calibration(at: At) -> tuple[CalibrationClass, ...]:
    customers = at.origin.customers
    classes = backtest.calibration(
        customers.frequency, at.origin.after, at.foretold.expected, customers.weights
    )
    return tuple(
        CalibrationClass(one.label, int(one.n), one.actual, one.predicted)
        for one in classes
        if one.actual is not None and one.predicted is not None
    )


def _bias(
    gathered: Gathered,
    name: str,
    value: float | None,
    *,
    n: int,
    model: str,
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
        weeks=windows.LENGTHS[-1] // 7,
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
