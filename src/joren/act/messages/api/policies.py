"""How much a shop writes to anybody, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.act.messages import selectors, services
from joren.act.messages.contracts import Cap, Policy, PolicyChange, Quiet, Tracking
from joren.plumbing.access import Scope as Needs
from joren.plumbing.access import caller
from joren.plumbing.http import Listing

router = Router()


class PolicyCapShape(Schema):
    """At most so many to one person in so many days; "" is every channel, or every kind."""

    most: int
    days: int
    channel: str = ""
    kind: str = ""


class PolicyQuietShape(Schema):
    """By the recipient's clock; it may go over midnight."""

    since: time
    until: time


class PolicyIn(Schema):
    """Budgets are of a month, money in minor units; null has no end. ``costs`` is by channel."""

    caps: list[PolicyCapShape]
    quiet: PolicyQuietShape | None = None
    month_most: int | None = None
    month_cost: int | None = None
    costs: dict[str, int]


class PolicySpent(Schema):
    month: str
    messages: int
    cost: int


class PolicyOut(PolicyIn):
    """``version`` 0 is joren's own. ``spent`` is what was let through this month."""

    version: int
    time_zone: str
    spent: PolicySpent


class PolicyVersionOut(PolicyIn):
    version: int
    changed_at: datetime
    changed_by: str


class PolicyReplayedOut(Schema):
    """``hours`` is the median wait of those put off."""

    asked: int
    put_off: int
    reasons: dict[str, int]
    too_late: int
    hours: float | None


class PolicyPreviewOut(Schema):
    """The messages of the last ``days`` under the policy of now, and under the one sent."""

    days: int
    now: PolicyReplayedOut
    then: PolicyReplayedOut


class MessageTrackingShape(Schema):
    """Channels whose links are ours (``clicks``), and whose mails carry a picture (``opens``)."""

    clicks: list[str]
    opens: list[str]


class CustomerZoneShape(Schema):
    """An IANA name; "" is the shop's own clock."""

    zone: str


@router.get("/messages/policy", response=PolicyOut)
def policy(request: HttpRequest) -> Any:
    """Caps, quiet time and budgets as they are now, and what is used of the month."""
    return _shown()


@router.put("/messages/policy", response=PolicyOut, auth=Needs("change_settings"))
def set_policy(request: HttpRequest, body: PolicyIn) -> Any:
    """Decide it anew, whole; the version before is kept."""
    services.set_policy(_meant(body), by=caller(request).name)
    return _shown()


@router.get("/messages/policy/versions", response=Listing[PolicyVersionOut])
def policy_versions(request: HttpRequest) -> Any:
    """Every policy that somebody decided, the newest first."""
    return [_version(one) for one in selectors.policy_changes()]


@router.post("/messages/policy/preview", response=PolicyPreviewOut, auth=Needs("treat"))
def preview_policy(request: HttpRequest, body: PolicyIn) -> Any:
    """How many messages of the last 28 days it would have put off; nothing is changed."""
    return services.try_policy(_meant(body))


@router.get("/messages/tracking", response=MessageTrackingShape)
def tracking(request: HttpRequest) -> Any:
    """What is noted of clicks and openings."""
    return selectors.tracking()


@router.put("/messages/tracking", response=MessageTrackingShape, auth=Needs("change_settings"))
def set_tracking(request: HttpRequest, body: MessageTrackingShape) -> Any:
    """Decide it; whoever refused to be followed is not, whatever stands here."""
    wanted = Tracking(tuple(body.clicks), tuple(body.opens))
    return services.set_tracking(wanted, by=caller(request).name)


@router.get("/messages/zones/{customer}", response=CustomerZoneShape, auth=Needs("view_personal"))
def zone(request: HttpRequest, customer: int) -> Any:
    """Where a customer's clock is."""
    return {"zone": selectors.zone_of(customer)}


@router.put("/messages/zones/{customer}", response=CustomerZoneShape, auth=Needs("edit_people"))
def set_zone(request: HttpRequest, customer: int, body: CustomerZoneShape) -> Any:
    """Say where it is."""
    services.set_zone(customer, body.zone, by=caller(request).name)
    return {"zone": selectors.zone_of(customer)}


def _meant(body: PolicyIn) -> Policy:
    return Policy(
        caps=tuple(Cap(**one.dict()) for one in body.caps),
        quiet=Quiet(body.quiet.since, body.quiet.until) if body.quiet else None,
        month_most=body.month_most,
        month_cost=body.month_cost,
        costs=body.costs,
    )


def _plain(one: Policy) -> dict[str, Any]:
    return {
        "caps": [asdict(cap) for cap in one.caps], "quiet": one.quiet,
        "month_most": one.month_most, "month_cost": one.month_cost, "costs": dict(one.costs),
        "version": one.version,
    }  # fmt: skip


def _shown() -> dict[str, Any]:
    return {
        **_plain(selectors.policy()),
        "time_zone": selectors.home_zone(),
        "spent": selectors.month_spent(),
    }


def _version(one: PolicyChange) -> dict[str, Any]:
    return {**_plain(one.policy), "changed_at": one.changed_at, "changed_by": one.changed_by}
