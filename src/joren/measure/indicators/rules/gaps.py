"""What is so beside what is aimed at."""

from __future__ import annotations

from collections.abc import Sequence

from joren.core.figures import Figure
from joren.measure.indicators.contracts import (
    FOCUS,
    IndicatorPlan,
    IndicatorStanding,
    NoSuchIndicator,
    Verdict,
    known,
)


def standing(
    code: str,
    label: str,
    actual: Figure,
    target: tuple[float | None, str],
    plan: IndicatorPlan,
    profile: str,
) -> IndicatorStanding:
    """One node. Only a whole interval on one side decides; a count of all has none and decides
    by itself."""
    one = known(code)
    if one is None:
        raise NoSuchIndicator(f"there is no indicator {code!r}", hint="joren indicators show")
    aim, period = target
    gap = None if aim is None or actual.value is None else actual.value - aim
    return IndicatorStanding(
        code=code,
        label=label,
        branch=one.branch,
        kpi=code in plan.kpis,
        result=one.kind == "result",
        expected=code in plan.kpis
        or (one.branch in FOCUS[plan.growth] and profile in one.profiles),
        actual=actual,
        target=aim,
        target_period=period,
        gap=gap,
        gap_share=None if gap is None or not aim else gap / aim,
        verdict=verdict(actual, aim),
    )


def verdict(actual: Figure, target: float | None) -> Verdict:
    """Met, missed, open, or nothing to be said."""
    if actual.value is None:
        return "not_yet"
    if target is None:
        return "no_target"
    low = actual.value if actual.low is None else actual.low
    high = actual.value if actual.high is None else actual.high
    if low >= target:
        return "met"
    return "missed" if high < target else "open"


def worst_first(nodes: Sequence[IndicatorStanding]) -> list[IndicatorStanding]:
    """Targets that are missed or open: KPIs before results, the widest gap first."""
    below = [
        one
        for one in nodes
        if one.verdict in ("missed", "open") and one.gap_share is not None and one.gap_share < 0
    ]
    return sorted(below, key=lambda one: (not one.kpi, one.gap_share or 0.0, one.code))
