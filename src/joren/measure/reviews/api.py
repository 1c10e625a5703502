"""Monthly reviews for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.measure.indicators.contracts import Part
from joren.measure.reviews import selectors, services
from joren.measure.reviews.contracts import (
    Decision,
    MonthlyReview,
    ReviewAction,
    ReviewPlan,
    ReviewStanding,
    Tuning,
    Verdict,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class ReviewPlanIn(Schema):
    """``decider`` is a member's number."""

    held_on: date
    decider: int | None = None
    criterion: str = ""


class TuningIn(Schema):
    part: Part
    decision: Decision
    about: str
    reason: str = ""
    expected: str = ""
    holdout: int | None = None


class ReviewActionIn(Schema):
    """``owner`` is a member's number."""

    what: str
    due_on: date
    owner: int | None = None


class NotesIn(Schema):
    notes: str


class JudgedIn(Schema):
    verdict: Verdict
    outcome: str = ""


class DoneIn(Schema):
    done: bool = True


@router.get("/reviews", response=Listing[MonthlyReview])
def reviews(request: HttpRequest) -> Any:
    """Every monthly review, the newest first."""
    return selectors.reviews()


@router.get("/reviews/standing", response=ReviewStanding)
def standing(request: HttpRequest) -> Any:
    """When the last one was held, whether the next is late, how many tunings were won."""
    return selectors.standing()


@router.post("/reviews", response={201: MonthlyReview}, auth=Scope("treat"))
def plan(request: HttpRequest, body: ReviewPlanIn) -> Any:
    """Set one down for a day."""
    return Status(201, services.plan(ReviewPlan(**body.dict()), by=caller(request).name))


@router.get("/reviews/{number}", response=MonthlyReview)
def review(request: HttpRequest, number: int) -> Any:
    """One with its agenda, decisions and actions."""
    return selectors.review(number)


@router.put("/reviews/{number}", response=MonthlyReview, auth=Scope("treat"))
def replan(request: HttpRequest, number: int, body: ReviewPlanIn) -> Any:
    """Another day, decider or criterion; refused once the data are open."""
    return services.replan(number, ReviewPlan(**body.dict()), by=caller(request).name)


@router.post("/reviews/{number}/open", response=MonthlyReview, auth=Scope("treat"))
def open_data(request: HttpRequest, number: int) -> Any:
    """Fill the agenda from the newest figures; needs a decider and a criterion."""
    return services.open_data(number, by=caller(request).name)


@router.post("/reviews/{number}/tunings", response={201: Tuning}, auth=Scope("treat"))
def decide(request: HttpRequest, number: int, body: TuningIn) -> Any:
    """Write a decision down."""
    return Status(201, services.decide(number, by=caller(request).name, **body.dict()))


@router.post("/reviews/{number}/actions", response={201: ReviewAction}, auth=Scope("treat"))
def add_action(request: HttpRequest, number: int, body: ReviewActionIn) -> Any:
    """Say what somebody will do, and until when."""
    return Status(201, services.add_action(number, by=caller(request).name, **body.dict()))


@router.put("/reviews/{number}/notes", response=MonthlyReview, auth=Scope("treat"))
def note(request: HttpRequest, number: int, body: NotesIn) -> Any:
    """Keep the minutes."""
    return services.note(number, body.notes, by=caller(request).name)


@router.post("/reviews/{number}/close", response=MonthlyReview, auth=Scope("treat"))
def close(request: HttpRequest, number: int) -> Any:
    """It was held; what was decided stands."""
    return services.close(number, by=caller(request).name)


@router.post("/tunings/{number}/verdict", response=Tuning, auth=Scope("treat"))
def judge(request: HttpRequest, number: int, body: JudgedIn) -> Any:
    """Say what came of a decision."""
    return services.judge(number, by=caller(request).name, **body.dict())


@router.post("/review-actions/{number}/done", response=ReviewAction, auth=Scope("treat"))
def finish(request: HttpRequest, number: int, body: DoneIn) -> Any:
    """It is done, or after all it is not."""
    return services.finish(number, done=body.done, by=caller(request).name)
