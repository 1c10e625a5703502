"""Initiatives for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.measure.initiatives import selectors, services
from joren.measure.initiatives.contracts import (
    Initiative,
    InitiativeChange,
    InitiativeText,
    LateEffect,
    LateMetric,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.understand.ltv import selectors as values

router = Router()


class InitiativeIn(Schema):
    """All of it; what is left out is empty."""

    name: str
    metric: LateMetric
    started_on: date
    lag_days: int
    owner: int | None = None
    about: str = ""
    holdout: int | None = None
    practice: str = ""
    stopped_on: date | None = None


class InitiativeWriteIn(InitiativeIn):
    """The same, and for the history why something is said otherwise now."""

    why: str = ""


class InitiativeCostIn(Schema):
    """What was spent on a day, in minor units."""

    on: date
    amount: int
    note: str = ""


class RebaseIn(Schema):
    reason: str


@router.get("/initiatives", response=Listing[Initiative])
def initiatives(request: HttpRequest) -> Any:
    """Those that go on first, with costs and baselines."""
    return selectors.initiatives()


@router.post("/initiatives", response={201: Initiative}, auth=Scope("treat"))
def add(request: HttpRequest, body: InitiativeIn) -> Any:
    """Begin one."""
    return Status(201, services.add(InitiativeText(**body.dict()), by=caller(request).name))


@router.get("/initiatives/{number}", response=Initiative)
def initiative(request: HttpRequest, number: int) -> Any:
    """One of them."""
    return selectors.initiative(number)


@router.put("/initiatives/{number}", response=Initiative, auth=Scope("treat"))
def write(request: HttpRequest, number: int, body: InitiativeWriteIn) -> Any:
    """Say all of it anew."""
    said = body.dict()
    why = said.pop("why")
    return services.write(number, InitiativeText(**said), why=why, by=caller(request).name)


@router.get("/initiatives/{number}/history", response=Listing[InitiativeChange])
def history(request: HttpRequest, number: int) -> Any:
    """What was said of it otherwise than before: from what to what, when, by whom and why."""
    return selectors.history(number)


@router.get("/initiatives/{number}/effect", response=LateEffect)
def effect(request: HttpRequest, number: int, snapshot: int | None = None) -> Any:
    """The metric week by week, before and since the effect is expected."""
    return selectors.effect(selectors.initiative(number), values.snapshot(snapshot))


@router.post("/initiatives/{number}/costs", response={201: Initiative}, auth=Scope("treat"))
def say_cost(request: HttpRequest, number: int, body: InitiativeCostIn) -> Any:
    """Write down a cost."""
    return Status(201, services.say_cost(number, **body.dict(), by=caller(request).name))


@router.delete("/initiatives/{number}/costs/{cost}", response=Initiative, auth=Scope("treat"))
def take_cost_back(request: HttpRequest, number: int, cost: int, why: str = "") -> Any:
    """That was a mistake."""
    return services.take_cost_back(number, cost, why=why, by=caller(request).name)


@router.post("/initiatives/{number}/baselines", response={201: Initiative}, auth=Scope("treat"))
def rebase(request: HttpRequest, number: int, body: RebaseIn) -> Any:
    """A new baseline from the last thirteen full weeks, and why."""
    return Status(201, services.rebase(number, reason=body.reason, by=caller(request).name))
