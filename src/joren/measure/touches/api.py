"""Decisions, touches and last touch for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.measure.touches import selectors, services
from joren.measure.touches.contracts import (
    ContentBeside,
    DecisionTime,
    LastTouchBeside,
    LastTouchRule,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class LastTouchRuleIn(Schema):
    """What is left out stays."""

    shown: bool | None = None
    days: int | None = None
    opens: bool | None = None


@router.get("/decisions", response=Listing[DecisionTime])
def decisions(request: HttpRequest) -> Any:
    """How soon people order after the first contact, page or message, and order again."""
    return list(selectors.report().decisions)


@router.get("/decisions/contents", response=Listing[ContentBeside])
def contents(request: HttpRequest) -> Any:
    """Who touched which content and ordered within 30 days, as observed, beside the experiment."""
    return selectors.contents_beside(selectors.report())


@router.get("/last-touch", response=Listing[LastTouchBeside])
def last_touch(request: HttpRequest) -> Any:
    """What last touch would credit, beside what holdouts say. It is no effect."""
    return selectors.last_touch_beside(selectors.report())


@router.get("/last-touch/rule", response=LastTouchRule)
def rule(request: HttpRequest) -> Any:
    """Is it shown beside effects, how many days back, and do opens count?"""
    return selectors.last_touch_rule()


@router.put("/last-touch/rule", response=LastTouchRule, auth=Scope("change_settings"))
def set_rule(request: HttpRequest, body: LastTouchRuleIn) -> Any:
    """Change what is given."""
    return services.set_last_touch(by=caller(request).name, **body.dict())
