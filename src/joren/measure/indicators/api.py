"""KPI, targets and gaps for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from joren.measure.indicators import selectors, services
from joren.measure.indicators.contracts import (
    Growth,
    IndicatorFunnel,
    IndicatorGoal,
    IndicatorPlan,
    IndicatorPlanSince,
    KpiTarget,
    KpiTree,
    Part,
    Way,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.understand.ltv import selectors as values

router = Router()


class IndicatorGoalIn(Schema):
    """``event`` says that somebody achieved it."""

    code: str
    name: str = ""
    event: str


class IndicatorPlanIn(Schema):
    """All of it; ``parts`` are only those that were moved."""

    growth: Growth
    days: int = 90
    use_events: tuple[str, ...]
    goals: tuple[IndicatorGoalIn, ...]
    kpis: tuple[str, ...] = ("achievement_rate",)
    parts: dict[Way, Part] = Field(default_factory=dict)


class KpiTargetsIn(Schema):
    """By indicator: a share from 0 to 1, a number, or money in minor units; null takes it back."""

    targets: dict[str, float | None]


@router.get("/indicators", response=KpiTree)
def tree(request: HttpRequest, period: str | None = None) -> Any:
    """The KPI tree with its gaps: of the newest snapshot, or of 2026-12, 2026-Q4 or 2026."""
    return selectors.tree(period)


@router.get("/indicators/funnel", response=IndicatorFunnel)
def funnel(request: HttpRequest, snapshot: int | None = None) -> Any:
    """Aware, start, use, achieve, repurchase: how many came there and how many went on."""
    return selectors.funnel(values.snapshot(snapshot))


@router.get("/indicators/plan", response=Listing[IndicatorPlanSince])
def plan(request: HttpRequest) -> Any:
    """Every version of the plan, newest first; the last one is what joren begins with."""
    return list(selectors.plan_history())


@router.put("/indicators/plan", response=IndicatorPlanSince, auth=Scope("treat"))
def write_plan(request: HttpRequest, body: IndicatorPlanIn) -> Any:
    """Say all of it anew; a result indicator is refused as a KPI."""
    said = body.dict()
    said["goals"] = tuple(IndicatorGoal(**one) for one in said["goals"])
    return services.write_plan(IndicatorPlan(**said), by=caller(request).name)


@router.get("/indicators/targets", response=Listing[KpiTarget])
def targets(request: HttpRequest, period: str | None = None) -> Any:
    """Every word about targets, newest first, with who said it."""
    return list(selectors.target_history(period=period))


@router.put("/indicators/targets/{period}", response=Listing[KpiTarget], auth=Scope("treat"))
def aim(request: HttpRequest, period: str, body: KpiTargetsIn) -> Any:
    """Say targets of a period; what is not named stays."""
    return list(services.aim(period, body.targets, by=caller(request).name))
