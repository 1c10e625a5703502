"""What may be said of the plan, and of targets and their periods."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import isfinite

from joren.measure.indicators.contracts import (
    GOAL,
    GROWTHS,
    PARTS,
    USUAL_PARTS,
    WAYS,
    BadIndicatorPlan,
    BadTarget,
    IndicatorGoal,
    IndicatorPlan,
    NoSuchIndicator,
    Part,
    ResultIsNoKpi,
    Way,
    known,
)

_LONGEST = 100
_MOST = 12
_PERIOD = re.compile(r"(?P<year>20\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def checked(plan: IndicatorPlan) -> IndicatorPlan:
    """The plan as it is kept; refuses what cannot be."""
    if plan.growth not in GROWTHS:
        raise BadIndicatorPlan(f"{plan.growth!r} is no stage", hint=", ".join(GROWTHS))
    if not 7 <= plan.days <= 365:
        raise BadIndicatorPlan(f"{plan.days} days to go on", hint="7 to 365")
    uses = tuple(dict.fromkeys(_event(one) for one in plan.use_events))
    if not 0 < len(uses) <= _MOST:
        raise BadIndicatorPlan(f"{len(uses)} events say that it is used", hint=f"1 to {_MOST}")
    made = replace(
        plan, use_events=uses, goals=_goals(plan.goals), parts=_parts(plan.parts),
        kpis=tuple(dict.fromkeys(plan.kpis)),
    )  # fmt: skip
    for code in made.kpis:
        check_kpi(code, made)
    return made


def check_kpi(code: str, plan: IndicatorPlan) -> None:
    """Refuse to call a result a KPI, and what there is not."""
    one = known(code)
    goals = [f"{GOAL}{each.code}" for each in plan.goals]
    if one is None or (code.startswith(GOAL) and code not in goals):
        raise NoSuchIndicator(f"there is no indicator {code!r}", hint="joren indicators show")
    if one.kind == "result":
        raise ResultIsNoKpi(
            f"{code} is a result indicator",
            hint=f"a KPI says whether customers got what they came for: achievement_rate, "
            f"{', '.join(goals)}",
        )


def check_target(code: str, period: str, value: float | None, plan: IndicatorPlan) -> None:
    """Refuse a target that nobody could meet or miss, or of no period."""
    one = known(code)
    if one is None or (code.startswith(GOAL) and code[len(GOAL) :] not in codes(plan)):
        raise NoSuchIndicator(f"there is no indicator {code!r}", hint="joren indicators show")
    days_of(period)
    if value is None:
        return
    if not isfinite(value) or value <= 0:
        raise BadTarget(f"{code}: a target of {value}", hint="above 0, or none")
    if one.unit == "share" and value > 1:
        raise BadTarget(f"{code}: a target of {value:.0%}", hint="at most 100 percent")


def codes(plan: IndicatorPlan) -> set[str]:
    """Of its goals."""
    return {one.code for one in plan.goals}


def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of 2026, 2026-Q4 or 2026-12."""
    said = _PERIOD.fullmatch(period)
    if said is None:
        raise BadTarget(f"{period!r} is no period", hint="2026-12, 2026-Q4 or 2026")
    year = int(said["year"])
    if said["month"]:
        first, last = int(said["month"]), int(said["month"])
    elif said["quarter"]:
        first, last = 3 * int(said["quarter"]) - 2, 3 * int(said["quarter"])
    else:
        first, last = 1, 12
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)


def month_of(day: date) -> str:
    """The month of a day, such as 2026-12."""
    return f"{day:%Y-%m}"


def applying(targets: Mapping[str, float], period: str) -> tuple[float | None, str]:
    """The target of a period out of those by period: its own, its quarter's, its year's."""
    for name in _wider(period):
        if name in targets:
            return targets[name], name
    return None, ""


def _wider(period: str) -> tuple[str, ...]:
    year, _, rest = period.partition("-")
    if rest.isdigit():
        return (period, f"{year}-Q{(int(rest) + 2) // 3}", year)
    return (period, year) if rest else (period,)


def _goals(goals: Sequence[IndicatorGoal]) -> tuple[IndicatorGoal, ...]:
    if not 0 < len(goals) <= _MOST:
        raise BadIndicatorPlan(f"{len(goals)} goals", hint=f"1 to {_MOST}")
    made = tuple(
        IndicatorGoal(_code(one.code), " ".join(one.name.split())[:_LONGEST], _event(one.event))
        for one in goals
    )
    if len({one.code for one in made}) < len(made):
        raise BadIndicatorPlan("two goals have one code", hint="a code of its own for each")
    return made


def _code(code: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", code):
        raise BadIndicatorPlan(
            f"{code!r} is no code", hint="small letters, digits and _, such as smooth_hair"
        )
    return code


def _event(name: str) -> str:
    said = " ".join(name.split())
    if not 0 < len(said) <= _LONGEST:
        raise BadIndicatorPlan(
            f"the name of an event has {len(said)} characters", hint=f"1 to {_LONGEST}"
        )
    return said


def _parts(parts: Mapping[Way, Part]) -> dict[Way, Part]:
    for way, part in parts.items():
        if way not in WAYS or part not in PARTS:
            raise BadIndicatorPlan(
                f"{way!r} cannot be of {part!r}", hint=f"{', '.join(WAYS)}; {', '.join(PARTS)}"
            )
    return {**USUAL_PARTS, **parts}
