"""The report on the models: the choice, its reasons, and how far it was right before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from joren.core.figures import Figure
from joren.science.clv.choosing import Standing
from joren.science.clv.estimates import Estimate
from joren.science.totals import Window, total_interval
from joren.understand.ltv.contracts import (
    CandidateMarks,
    CutoffMarks,
    ModelReport,
    Parameter,
    reasons,
)
from joren.understand.ltv.rules import thresholds
from joren.understand.ltv.services.gathering import Refresh
from joren.understand.ltv.services.judging import At, Judged
from joren.understand.ltv.services.predicting import Outlook, name_of
from joren.understand.ltv.services.reporting import pictures

PAGES: Final = {
    "NBD": "nbd",
    "BG/NBD": "bg_nbd",
    "MBG/NBD": "mbg_nbd",
    "Pareto/NBD": "pareto_nbd",
}
NORMAL: Final = 1.6448536269514722
"""Standard errors either side that hold 90 % of a normal distribution."""


def model_report(refresh: Refresh, *, outlook: Outlook, judged: Judged) -> ModelReport:
    """The document of this snapshot."""
    names, told = outlook.names, outlook.told
    history = tuple(_cutoff(refresh, judged, number) for number in range(len(judged.history)))
    cells = () if told is None else pictures.grid(told)
    (row,) = refresh.warehouse.engine.rows(refresh.values.agg(customers=refresh.values.count()))
    return ModelReport(
        snapshot_id=refresh.snapshot_id,
        as_of=refresh.as_of_text,
        currency=refresh.currency,
        model=names.revenue,
        orders_model=names.orders,
        spend_model=names.spend,
        page=PAGES[judged.orders.candidate.model],
        why=why(judged),
        window_days=judged.plan.days,
        customers=row["customers"],
        judged_on=judged.sampled,
        mean_error=_error(refresh, "total_error", judged.windows, names.orders, judged),
        revenue_error=_error(
            refresh, "revenue_error", judged.revenue_windows, names.revenue, judged
        ),
        alarm=_alarm(history),
        candidates=_candidates(refresh, judged.orders.standings),
        spend_candidates=_candidates(refresh, judged.spends.standings),
        history=tuple(reversed(history)),
        tracking=pictures.tracking(judged),
        map_tenure_days=pictures.TENURE,
        map=cells,
        parameters=(
            *(() if told is None else parameters(told.candidate.model, told.fitted)),
            *(() if outlook.spend is None else parameters(names.spend, outlook.spend)),
        ),
        season=pictures.season(told),
        beliefs=outlook.beliefs,
    )


def why(judged: Judged) -> str:
    """What the choice rests on, in a sentence."""
    errors = [abs(one.error) for one in judged.windows]
    if not errors:
        return reasons.DEFAULT_STANDS
    mean = f"{np.mean(errors):.1%}"
    if len(errors) == 1:
        return reasons.ONE_CUTOFF.format(mean)
    return reasons.CHOSEN.format(len(errors), mean)


def _error(
    refresh: Refresh, name: str, windows: Sequence[Window], model: str, judged: Judged
) -> Figure:
    day = refresh.as_of_text
    if not windows:
        return Figure(name, None, "share", as_of=day, model=model, why=judged.why)
    errors = [abs(one.error) for one in windows]
    value, n = float(np.mean(errors)), judged.sampled
    low, high = min(errors), max(errors)
    return Figure(name, value, "share", n, as_of=day, model=model, why=_from_to(low, high))


def _from_to(low: float, high: float) -> str:
    return reasons.ERRORS_FROM_TO.format(f"{low:.1%}", f"{high:.1%}")


def _candidates(
    refresh: Refresh, standings: Sequence[Standing[Any, Any]]
) -> tuple[CandidateMarks, ...]:
    return tuple(_candidate(refresh, one) for one in standings)


def _candidate(refresh: Refresh, standing: Standing[Any, Any]) -> CandidateMarks:
    candidate = standing.candidate
    plain = isinstance(candidate, str)
    return CandidateMarks(
        name=candidate if plain else name_of(candidate),
        model=candidate if plain else candidate.model,
        spread=None if plain else candidate.spread,
        score=standing.score,
        behind=standing.behind,
        error=Figure("total_error", standing.error, "share", as_of=refresh.as_of_text),
        verdict=standing.verdict,
    )


def _cutoff(refresh: Refresh, judged: Judged, number: int) -> CutoffMarks:
    """What would have been said then: the interval rests on what had ended by then."""
    at = judged.history[number]
    window = at.foretold.window
    around = _then(judged.windows, window)
    cutoff, n = at.seen.cutoff, int(at.origin.customers.weights.sum())
    return CutoffMarks(
        cutoff=cutoff.isoformat(),
        last=(cutoff + timedelta(days=judged.plan.days)).isoformat(),
        customers=n,
        orders=_foretold("orders", window, around, n, cutoff, "orders"),
        orders_actual=int(window.actual),
        error=_off("bias", window, n, cutoff),
        hit=around[0] <= window.actual <= around[1],
        revenue=_revenue(refresh, judged, at),
        revenue_actual=at.revenue_actual,
        revenue_error=_off("revenue_bias", at.revenue_window, n, cutoff),
    )


def _then(windows: Sequence[Window], window: Window) -> tuple[float, float]:
    ended = [one for one in windows if one.end <= window.begin]
    found = total_interval(ended, window.predicted, window.days, thresholds.LEVEL)
    return found.low, found.high


def _revenue(refresh: Refresh, judged: Judged, at: At) -> Figure:
    window, cutoff = at.revenue_window, at.seen.cutoff
    if window is None:
        day = cutoff.isoformat()
        return Figure("revenue", None, refresh.currency, as_of=day, why=reasons.NOTHING_THEN)
    n = int(at.origin.customers.weights.sum())
    around = _then(judged.revenue_windows, window)
    return _foretold("revenue", window, around, n, cutoff, refresh.currency)


def _foretold(
    name: str, window: Window, around: tuple[float, float], n: int, day: date, unit: str
) -> Figure:
    low, high = around
    return Figure(name, window.predicted, unit, n, low, high, thresholds.LEVEL, day.isoformat())


def _off(name: str, window: Window | None, n: int, day: date) -> Figure:
    if window is None:
        return Figure(name, None, "share", n, as_of=day.isoformat(), why=reasons.NOTHING_THEN)
    return Figure(name, window.error, "share", n, as_of=day.isoformat())


def _alarm(history: Sequence[CutoffMarks]) -> str:
    """Words where the newest forecast that could be checked missed; history from the oldest."""
    if not history or history[-1].hit:
        return ""
    newest = history[-1]
    low, high = newest.orders.low or 0.0, newest.orders.high or 0.0
    return reasons.DRIFTED.format(f"{newest.orders_actual:,}", f"{low:,.0f}", f"{high:,.0f}")


def parameters(model: str, found: Estimate) -> tuple[Parameter, ...]:
    """By letter, with limits on the scale of logarithms; none where the data cannot tell."""
    if found.covariance is None:
        errors = np.full(len(found.names), np.nan)
    else:
        errors = np.sqrt(np.diag(found.covariance))
    return tuple(
        Parameter(
            model,
            letter,
            value,
            float(value * np.exp(-NORMAL * error)) if np.isfinite(error) else None,
            float(value * np.exp(NORMAL * error)) if np.isfinite(error) else None,
        )
        for (letter, value), error in zip(found.params.items(), errors.tolist(), strict=False)
    )
