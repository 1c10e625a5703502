"""Promotion pressure and its guard for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema

from joren.act.pressure import selectors, services
from joren.act.pressure.contracts import Alarm, Judged, Limits, Spread
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class PressureOut(Schema):
    """``share``: 1 is all that the caps allow, if all were offers; null where they allow any
    number."""

    days: int
    messages: int
    weighed: float
    allowed: float | None
    share: float | None


class WeightsIn(Schema):
    """What a message counts by its content; what is left out stays."""

    weights: dict[str, float]


class LimitsIn(Schema):
    """Of the shop, or of one campaign or journey in place of the shop's."""

    unsubscribes: float
    complaints: float
    least: int = 200
    stops: bool = False
    source: Literal["", "campaign", "journey"] = ""
    source_id: int = 0


class WatchedOut(Schema):
    """``source`` is "" of the whole shop, ``step`` "" of a whole action."""

    source: str
    source_id: int
    step: str
    name: str
    delivered: int
    judged: list[Judged]
    limits: Limits
    own_limits: bool
    held_at: datetime | None


class SettleIn(Schema):
    why: str


@router.get("", response=Spread)
def spread(request: HttpRequest, days: Literal[7, 30, 90] = 30) -> Any:
    """How pressure lies over all customers."""
    return selectors.spread(days)


@router.get("/customers/{customer_id}", response=Listing[PressureOut])
def of_customer(request: HttpRequest, customer_id: int) -> Any:
    """The pressure on one customer, of 7, 30 and 90 days."""
    return selectors.pressure_of(customer_id)


@router.get("/weights", response=dict[str, float])
def weights(request: HttpRequest) -> Any:
    """What a message counts by its content."""
    return dict(selectors.weights())


@router.put("/weights", response=dict[str, float], auth=Scope("change_settings"))
def set_weights(request: HttpRequest, body: WeightsIn) -> Any:
    """Say what a message counts by its content."""
    return dict(services.set_weights(body.weights, by=caller(request).name))


@router.get("/guard", response=Listing[WatchedOut])
def guard(request: HttpRequest) -> Any:
    """Refusals and reports of spam of 28 days against their limits: shop, actions, steps."""
    return selectors.watched()


@router.put("/limits", response=Limits, auth=Scope("treat"))
def set_limits(request: HttpRequest, body: LimitsIn) -> Any:
    """Say them."""
    said = Limits(body.unsubscribes, body.complaints, body.least, body.stops)
    return services.set_limits(
        said, source=body.source, source_id=body.source_id, by=caller(request).name
    )


@router.get("/alarms", response=Listing[Alarm])
def alarms(request: HttpRequest) -> Any:
    """What went beyond its limit, open ones first."""
    return selectors.alarms()


@router.post("/alarms/{number}/settle", response=Listing[Alarm], auth=Scope("treat"))
def settle(request: HttpRequest, number: int, body: SettleIn) -> Any:
    """What was held back leaves again, and counts anew; answers the alarms that are still open."""
    services.settle(number, why=body.why, by=caller(request).name)
    return selectors.open_alarms()
