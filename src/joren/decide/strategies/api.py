"""Strategies and drift for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.core.outcomes import Outcome
from joren.decide.strategies import selectors, services
from joren.decide.strategies.contracts import Card, Decision, Drift, Review
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class CardOut(Schema):
    """A card with its reviews, and what holdouts say of the segment; both newest first."""

    card: Card
    reviews: list[Review]
    outcomes: list[Outcome]


class CardIn(Schema):
    """What is sent changes, the rest stays. ``owner`` is a member's number."""

    owner: int | None = None
    purpose: str | None = None
    hypothesis: str | None = None
    kpi: str | None = None
    review_on: date | None = None


class ReviewIn(Schema):
    decision: Decision
    note: str = ""
    next_on: date | None = None


@router.get("/strategies", response=Listing[Card])
def strategies(request: HttpRequest) -> Any:
    """The cards of all segments in use, whose review comes first."""
    return selectors.cards()


@router.get("/drift", response=Listing[Drift])
def drift(request: HttpRequest) -> Any:
    """Every segment over the kept snapshots, and what moved beyond its own past."""
    return selectors.drift_report()


@router.get("/segments/{number}/drift", response=Drift)
def drift_of(request: HttpRequest, number: int) -> Any:
    """One segment over the kept snapshots."""
    return selectors.drift_of(number)


@router.get("/segments/{number}/strategy", response=CardOut)
def strategy(request: HttpRequest, number: int) -> Any:
    """What the segment is for, every review of it, and what came of it."""
    return {
        "card": selectors.card(number),
        "reviews": selectors.reviews(number),
        "outcomes": selectors.outcomes_of(number),
    }


@router.patch("/segments/{number}/strategy", response=Card, auth=Scope("treat"))
def write(request: HttpRequest, number: int, body: CardIn) -> Any:
    """Say what the segment is for, who answers for it, and when it is looked at again."""
    return services.write_card(number, by=caller(request).name, **body.dict(exclude_unset=True))


@router.post("/segments/{number}/reviews", response={201: Review}, auth=Scope("treat"))
def review(request: HttpRequest, number: int, body: ReviewIn) -> Any:
    """Decide: keep, change or stop; but for a stop with the day of the next review."""
    made = services.review(number, by=caller(request).name, **body.dict())
    return Status(201, made)
