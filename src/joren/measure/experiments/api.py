"""Effects for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import Horizon, Result

router = Router()


@router.get("/effects", response=list[Result])
def effects(request: HttpRequest) -> Any:
    """What every holdout says of what was done, newest first."""
    return selectors.results()


@router.get("/holdouts/{number}/result", response=Result)
def result(request: HttpRequest, number: int) -> Any:
    """What the treated did more than those left out, with intervals."""
    return selectors.result(number)


@router.get("/holdouts/{number}/horizons", response=list[Horizon])
def horizons(request: HttpRequest, number: int) -> Any:
    """The same over the first 30, 90, 180 and 365 days of each customer who has had them."""
    return selectors.horizons(number)
