"""Who is told what, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.act.deliveries import contracts, selectors, services
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()

_MOST = 500


class EndpointOut(Schema):
    id: int
    name: str
    url: str
    announcements: list[str]
    made_at: datetime
    old_until: datetime | None
    disabled_at: datetime | None
    disabled_because: str
    failing_since: datetime | None
    shape: contracts.Shape
    language: str
    secret: str  # "" but for the answer that made it


class EndpointIn(Schema):
    name: str
    url: str
    announcements: list[str]


class ChatIn(Schema):
    """``url`` of the incoming webhook; of Chatwork that of the room, with an API token."""

    name: str
    shape: str
    url: str
    announcements: list[str]
    token: str = ""
    language: str = "ja"


class ChosenIn(Schema):
    announcements: list[str]


class DeliveryOut(Schema):
    id: int
    message: str
    type: str
    endpoint: int
    state: contracts.State
    attempts: int
    code: int
    error: str
    made_at: datetime
    next_at: datetime | None
    done_at: datetime | None


@router.get("", response=Listing[DeliveryOut])
def deliveries(
    request: HttpRequest,
    endpoint: int | None = None,
    state: str = "",
    after: str = "",
    limit: int = 50,
) -> Any:
    return selectors.deliveries(
        endpoint=endpoint, state=state, after=after, limit=max(1, min(limit, _MOST))
    )


@router.post("/{int:number}/again", response=DeliveryOut, auth=Scope("change_settings"))
def redeliver(request: HttpRequest, number: int) -> Any:
    return services.redeliver(number, by=caller(request).name)


@router.get("/announcements", response=Listing[str])
def announcements(request: HttpRequest) -> Any:
    return contracts.ANNOUNCEMENTS


@router.get("/endpoints", response=Listing[EndpointOut], auth=Scope("change_settings"))
def endpoints(request: HttpRequest) -> Any:
    return [_out(one) for one in selectors.endpoints()]


@router.post("/endpoints", response={201: EndpointOut}, auth=Scope("change_settings"))
def add_endpoint(request: HttpRequest, body: EndpointIn) -> Any:
    made, secret = services.add_endpoint(by=caller(request).name, **body.dict())
    return Status(201, _out(made, secret))


@router.post("/chats", response={201: EndpointOut}, auth=Scope("change_settings"))
def add_chat(request: HttpRequest, body: ChatIn) -> Any:
    """Tell a chat room in words: slack, teams, lineworks or chatwork."""
    return Status(201, _out(services.add_chat(by=caller(request).name, **body.dict())))


@router.put("/endpoints/{int:number}", response=EndpointOut, auth=Scope("change_settings"))
def choose_announcements(request: HttpRequest, number: int, body: ChosenIn) -> Any:
    return _out(services.choose_announcements(number, body.announcements, by=caller(request).name))


@router.post("/endpoints/{int:number}/secret", response=EndpointOut, auth=Scope("change_settings"))
def rotate_secret(request: HttpRequest, number: int) -> Any:
    return _out(*services.rotate_secret(number, by=caller(request).name))


@router.post("/endpoints/{int:number}/disable", response=EndpointOut, auth=Scope("change_settings"))
def disable_endpoint(request: HttpRequest, number: int) -> Any:
    return _out(services.disable_endpoint(number, by=caller(request).name))


@router.post("/endpoints/{int:number}/enable", response=EndpointOut, auth=Scope("change_settings"))
def enable_endpoint(request: HttpRequest, number: int) -> Any:
    return _out(services.enable_endpoint(number, by=caller(request).name))


@router.post("/endpoints/{int:number}/ping", response=DeliveryOut, auth=Scope("change_settings"))
def ping(request: HttpRequest, number: int) -> Any:
    return services.ping(number)


@router.delete("/endpoints/{int:number}", response={204: None}, auth=Scope("change_settings"))
def remove_endpoint(request: HttpRequest, number: int) -> Any:
    services.remove_endpoint(number, by=caller(request).name)
    return Status(204, None)


def _out(one: contracts.Endpoint, secret: str = "") -> dict[str, Any]:
    return {**asdict(one), "secret": secret}
