"""Webhooks for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.collect.webhooks import contracts, selectors, services
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import by_number, number_in
from joren.plumbing.http import Listing

router = Router()

_MOST = 500


class ArrivalsOut(Schema):
    received: int
    done: int
    ignored: int
    waiting: int
    refused: int
    last_seen: datetime | None
    last_refusal: str


class EndpointOut(Schema):
    id: int
    name: str
    provider: contracts.Provider
    store: str
    kind: contracts.Kind
    address: str
    mapping: dict[str, str]
    old_secret: bool
    made_at: datetime
    disabled_at: datetime | None
    uninstalled_at: datetime | None
    secret: str  # "" but for the answer that made it
    arrivals: ArrivalsOut


class EndpointIn(Schema):
    name: str
    provider: contracts.Provider
    store: str
    secret: str = ""
    kind: contracts.Kind = "orders"
    bearer: bool = False
    header: str = ""


class SecretIn(Schema):
    secret: str


class PathsIn(Schema):
    sample: str
    paths: dict[str, str]


class HeldOut(Schema):
    id: int
    endpoint: int
    topic: str
    reason: str
    received_at: datetime
    state: contracts.State


class CountOut(Schema):
    bodies: int


class PrivacyOut(Schema):
    id: int
    kind: contracts.Privacy
    store: str
    customer_number: str
    email: str
    phone: str
    orders: list[str]
    asked_at: datetime
    due_at: datetime
    closed_at: datetime | None


@router.get("", response=Listing[EndpointOut])
def endpoints(request: HttpRequest) -> Any:
    came = selectors.arrivals()
    return [_out(one, came.get(one.id)) for one in selectors.endpoints()]


@router.post("", response={201: EndpointOut}, auth=Scope("change_settings"))
def add_endpoint(request: HttpRequest, body: EndpointIn) -> Any:
    made, secret = services.add_endpoint(by=caller(request).name, **body.dict())
    shown = secret if made.provider == "generic" else ""
    return Status(201, {**_out(made, None), "secret": shown})


@router.post("/{int:number}/secret", response=EndpointOut, auth=Scope("change_settings"))
def change_secret(request: HttpRequest, number: int, body: SecretIn) -> Any:
    return _out(services.change_secret(number, body.secret, by=caller(request).name), None)


@router.delete("/{int:number}/old-secret", response=EndpointOut, auth=Scope("change_settings"))
def forget_old_secret(request: HttpRequest, number: int) -> Any:
    return _out(services.forget_old_secret(number, by=caller(request).name), None)


@router.put(
    "/{int:number}/paths",
    response=Listing[dict[str, str | None]],
    auth=Scope("change_settings"),
)
def change_paths(request: HttpRequest, number: int, body: PathsIn) -> Any:
    return services.change_paths(
        number, sample=body.sample, paths=body.paths, by=caller(request).name
    )


@router.delete("/{int:number}", response={204: None}, auth=Scope("change_settings"))
def disable_endpoint(request: HttpRequest, number: int) -> Any:
    services.disable_endpoint(number, by=caller(request).name)
    return Status(204, None)


@router.get("/waiting", response=Listing[HeldOut])
def waiting(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    limit = max(1, min(limit, _MOST))
    return by_number(selectors.held(before=number_in(after), limit=limit + 1), limit=limit)


@router.post("/waiting/retry", response=CountOut, auth=Scope("import"))
def retry_waiting(request: HttpRequest, number: int | None = None) -> Any:
    return {"bodies": services.retry_held(number, actor=caller(request).name)}


@router.post("/waiting/drop", response=CountOut, auth=Scope("import"))
def drop_waiting(request: HttpRequest, number: int | None = None) -> Any:
    return {"bodies": services.drop_held(number, actor=caller(request).name)}


@router.get("/privacy", response=Listing[PrivacyOut], auth=Scope("view_personal"))
def privacy_requests(request: HttpRequest, closed: bool = False) -> Any:
    return [asdict(one) for one in selectors.privacy_requests(open_only=not closed)]


@router.post("/privacy/{int:number}/close", response=PrivacyOut, auth=Scope("change_settings"))
def close_privacy_request(request: HttpRequest, number: int) -> Any:
    return asdict(services.close_privacy_request(number, actor=caller(request).name))


def _out(one: contracts.Endpoint, came: contracts.Arrivals | None) -> dict[str, Any]:
    return {**asdict(one), "secret": "", "arrivals": asdict(came or contracts.Arrivals())}
