"""Campaigns for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.act.campaigns import selectors, services
from joren.act.campaigns.contracts import (
    USUAL_HOURS,
    USUAL_LOOK,
    USUAL_PART,
    USUAL_SHARE,
    Enough,
    Plan,
    State,
    Variant,
)
from joren.core.errors import BadInput
from joren.decide.segments.contracts import Caution
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class PlanIn(Schema):
    """``share`` of the audience is left out by lot; 0 needs a ``reason``. ``test_share`` gets the
    messages beside each other, and the rest waits for their comparison after ``look_days``.

    ``own_hour`` sends it at the hour of each, and to ``usual_part`` of them at the moment itself.
    ``their_clock`` sends it when the clock of each shows that time, where their zone is known.
    ``most`` messages leave at most, and for ``most_cost`` minor units; who has most to expect goes
    first.
    """

    name: str
    segment: int
    variants: list[Variant]
    send_at: datetime | None = None
    expires_hours: int = USUAL_HOURS
    share: float = USUAL_SHARE
    reason: str = ""
    test_share: float = 1.0
    look_days: int = USUAL_LOOK
    sends_winner: bool = False
    own_hour: bool = False
    usual_part: float = USUAL_PART
    their_clock: bool = False
    most: int | None = None
    most_cost: int | None = None


class CampaignOut(Schema):
    id: int
    plan: Plan
    state: State
    made_by: str
    changed_at: datetime
    holdout: int | None
    asked: int
    begun_at: datetime | None
    done_at: datetime | None
    trouble: str
    winner: int
    rest_begun_at: datetime | None


class CountOut(Schema):
    """How many rows of the ledger are in that state for that reason; ``variant`` from 1 on."""

    variant: str
    state: str
    reason: str
    customers: int


class RehearsalOut(Schema):
    """What the gate would say of ``tried`` of the ``audience``; nothing is sent.

    ``cautions`` say what the data are not good enough for of what its segment rests on; ``enough``
    says how far a budget of its own goes among those tried.
    """

    audience: int
    tried: int
    counts: list[CountOut]
    cautions: list[Caution]
    enough: Enough | None


class DoIn(Schema):
    do: Literal["schedule", "call_off"]


@router.get("", response=Listing[CampaignOut])
def campaigns(request: HttpRequest) -> Any:
    """The newest campaigns, drafts first."""
    return selectors.campaigns()


@router.post("", response={201: CampaignOut}, auth=Scope("treat"))
def plan(request: HttpRequest, body: PlanIn) -> Any:
    """Plan one; it is a draft until it is scheduled."""
    return Status(201, services.plan(_plan(body), by=caller(request).name))


@router.get("/{number}", response=CampaignOut)
def campaign(request: HttpRequest, number: int) -> Any:
    """One campaign."""
    return selectors.campaign(number)


@router.put("/{number}", response=CampaignOut, auth=Scope("treat"))
def change(request: HttpRequest, number: int, body: PlanIn) -> Any:
    """Another plan in place of the one before, as long as nobody has got anything."""
    return services.change(number, _plan(body), by=caller(request).name)


@router.post("/{number}/do", response=CampaignOut, auth=Scope("treat"))
def do(request: HttpRequest, number: int, body: DoIn) -> Any:
    """Let it go at its moment, or call it off."""
    verb = services.schedule if body.do == "schedule" else services.call_off
    return verb(number, by=caller(request).name)


@router.get("/{number}/counts", response=Listing[CountOut])
def counts(request: HttpRequest, number: int) -> Any:
    """What became of it, from the ledger."""
    selectors.campaign(number)
    return [
        {"variant": variant, "state": state, "reason": reason, "customers": n}
        for (variant, state, reason), n in selectors.counts(number).items()
    ]


@router.post("/{number}/rehearsal", response=RehearsalOut, auth=Scope("treat"))
def rehearsal(request: HttpRequest, number: int) -> Any:
    """Ask the gate for some of the audience, and take it back."""
    found = services.rehearse(number)
    counted = [
        {"variant": "", "state": state, "reason": reason, "customers": n}
        for (state, reason), n in found.reasons.items()
    ]
    return {
        "audience": found.audience,
        "tried": found.tried,
        "counts": counted,
        "cautions": found.cautions,
        "enough": found.enough,
    }


def _plan(body: PlanIn) -> Plan:
    if body.send_at is not None and body.send_at.tzinfo is None:
        raise BadInput("send_at has no offset", hint="such as 2026-12-01T10:00:00+09:00")
    moment = body.send_at.astimezone(UTC) if body.send_at else None
    return Plan(
        body.name, body.segment, tuple(body.variants), moment, body.expires_hours, body.share,
        body.reason, body.test_share, body.look_days, body.sends_winner, body.own_hour,
        body.usual_part, body.their_clock, body.most, body.most_cost,
    )  # fmt: skip
