"""The journey map for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.understand.ltv import selectors as values
from joren.understand.paths import selectors, services
from joren.understand.paths.contracts import JourneyMap, PathAgainst, PathTarget, PathTargets, Way

router = Router()


class PathTargetIn(Schema):
    way: Way
    share: float
    days: int


class PathTargetsIn(Schema):
    targets: list[PathTargetIn]


@router.get("/journey-map", response=JourneyMap)
def journey_map(request: HttpRequest, snapshot: int | None = None) -> Any:
    """Places, the ways between them with shares and times, and leads by month and source."""
    return selectors.journey_map(values.snapshot(snapshot))


@router.get("/journey-map/targets", response=Listing[PathAgainst])
def targets(request: HttpRequest, snapshot: int | None = None) -> Any:
    """Each target beside what is so."""
    return list(selectors.against_targets(selectors.journey_map(values.snapshot(snapshot))))


@router.get("/journey-map/targets/history", response=Listing[PathTargets])
def history(request: HttpRequest) -> Any:
    """Every version of the target map, newest first."""
    return list(selectors.targets_history())


@router.put("/journey-map/targets", response=PathTargets, auth=Scope("treat"))
def change(request: HttpRequest, body: PathTargetsIn) -> Any:
    """Set the whole target map; a way that is not named has no target."""
    wanted = [PathTarget(**one.dict()) for one in body.targets]
    return services.change_targets(wanted, by=caller(request).name)
