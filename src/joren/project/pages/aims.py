"""Targets and the plan of indicators as somebody types them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import QueryDict

from joren.core.errors import BadInput
from joren.core.money import decimals
from joren.measure.indicators.contracts import (
    WAYS,
    BadIndicatorPlan,
    IndicatorGoal,
    IndicatorPlan,
    IndicatorStanding,
    known,
)
from joren.project.pages.typed import whole


def typed_target(one: IndicatorStanding, text: str, label: str, currency: str) -> float | None:
    """A share in percent, money in the major unit, or a number; empty is none."""
    said = text.strip().replace(",", "").rstrip("%")
    if not said:
        return None
    try:
        number = Decimal(said)
    except InvalidOperation:
        raise BadInput(f"{label}: {text!r} is no number", hint="such as 30, or nothing") from None
    return float(number * _factor(one, currency))


def target_of(one: IndicatorStanding, currency: str) -> str:
    """The target as it is typed."""
    if one.target is None:
        return ""
    return f"{Decimal(str(one.target)) / _factor(one, currency):.10g}"


def _factor(one: IndicatorStanding, currency: str) -> Decimal:
    indicator = known(one.code)
    unit = indicator.unit if indicator else "share"
    if unit == "share":
        return Decimal("0.01")
    return Decimal(10) ** decimals(currency) if unit == "money" else Decimal(1)


def plan_sent(sent: QueryDict) -> IndicatorPlan:
    """The plan that a form holds."""
    days = sent.get("days", "").strip()
    if (number := whole(days)) is None:
        raise BadIndicatorPlan(f"{days[:60]!r} days to go on", hint="a whole number, such as 90")
    return IndicatorPlan(
        growth=sent.get("growth", ""),  # type: ignore[arg-type]  # the verb refuses others
        days=number,
        use_events=tuple(_lines(sent.get("use_events", ""))),
        goals=tuple(_goal(line) for line in _lines(sent.get("goals", ""))),
        kpis=tuple(sent.getlist("kpis")),
        parts={way: sent[f"part-{way}"] for way in WAYS if f"part-{way}" in sent},  # type: ignore[misc]  # the names are of WAYS
    )


def _goal(line: str) -> IndicatorGoal:
    code, event, name = (part.strip() for part in f"{line}==".split("=", 3)[:3])
    if not event:
        raise BadIndicatorPlan(
            f"{line!r} names no event", hint="code = event = name, such as hair = Goal Achieved"
        )
    return IndicatorGoal(code, name, event)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
