"""Practices for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.measure.practices import selectors, services
from joren.measure.practices.contracts import (
    AuditStanding,
    Practice,
    PracticeText,
    Scored,
    SelfAudit,
    Step,
    Unit,
)
from joren.plumbing.access import Scope, caller

router = Router()


class PracticeNameIn(Schema):
    name: str


class PracticeStepIn(Schema):
    what: str
    done: bool = False


class PracticeIn(Schema):
    """All of it; what is left out is empty. ``cost`` is of one unit, in minor units."""

    owner: int | None = None
    steps: tuple[PracticeStepIn, ...] = ()
    evidence: str = ""
    unit: Unit = "customer"
    cost: int | None = None
    started_on: date | None = None
    stopped_on: date | None = None
    holdout: int | None = None
    decision: str = ""


class PracticeScoredIn(Schema):
    score: int
    evidence: str = ""


class PracticeAuditIn(Schema):
    """A score from 0 to 3 for each of the fifteen, by code."""

    scores: dict[str, PracticeScoredIn]


@router.get("/practices", response=list[Practice])
def practices(request: HttpRequest) -> Any:
    """The fifteen in their order, then the shop's own."""
    return selectors.practices()


@router.post("/practices", response={201: Practice}, auth=Scope("treat"))
def add(request: HttpRequest, body: PracticeNameIn) -> Any:
    """One of the shop's own."""
    return Status(201, services.add(body.name, by=caller(request).name))


@router.get("/practices/audits", response=list[SelfAudit])
def audits(request: HttpRequest) -> Any:
    """The audits of the fifteen, newest quarter first."""
    return selectors.audits()


@router.get("/practices/standing", response=AuditStanding)
def standing(request: HttpRequest) -> Any:
    """Was this quarter's audit held, and how do the last two compare?"""
    return selectors.standing()


@router.post("/practices/audits", response={201: SelfAudit}, auth=Scope("treat"))
def assess(request: HttpRequest, body: PracticeAuditIn) -> Any:
    """Score all fifteen for this quarter; said again, it replaces what was said."""
    scores = {code: Scored(one.score, one.evidence) for code, one in body.scores.items()}
    return Status(201, services.assess(scores, by=caller(request).name))


@router.get("/practices/{key}", response=Practice)
def practice(request: HttpRequest, key: str) -> Any:
    """One of them."""
    return selectors.practice(key)


@router.put("/practices/{key}", response=Practice, auth=Scope("treat"))
def write(request: HttpRequest, key: str, body: PracticeIn) -> Any:
    """Say all of it anew."""
    said = body.dict()
    said["steps"] = tuple(Step(**one) for one in said["steps"])
    return services.write(key, PracticeText(**said), by=caller(request).name)
