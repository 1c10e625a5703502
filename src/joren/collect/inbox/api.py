"""Sources for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status, UploadedFile
from pydantic import TypeAdapter, ValidationError

from joren.collect.inbox import contracts, selectors, services
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.cursor import by_number, number_in
from joren.plumbing.http import Listing

router = Router()

_MOST = 500


class TrafficOut(Schema):
    received: int
    kept: int
    repeated: int
    unreadable: int
    refused: int
    last_seen: datetime | None
    last_refusal: str
    last_refused_at: datetime | None


class SourceOut(Schema):
    id: int
    name: str
    kind: contracts.Kind
    store: int
    user_ids: contracts.UserIds
    prefix: str
    key: str  # of a browser; of a server "" but for the answer that made it
    limit: int
    made_at: datetime
    revoked_at: datetime | None
    traffic: TrafficOut


class SourceIn(Schema):
    name: str
    kind: contracts.Kind
    store: str
    user_ids: contracts.UserIds = "own"
    limit: int = contracts.USUAL_LIMIT
    key: str = ""


class ScriptOut(Schema):
    version: str
    address: str
    integrity: str
    size: int
    snippet: str


class EventsTakenOut(Schema):
    events: int
    unreadable: int


class UnreadOut(Schema):
    id: int
    source: int
    reason: str
    received_at: datetime | None


class PropertyIn(Schema):
    name: str


class CountOut(Schema):
    messages: int


@router.get("", response=Listing[SourceOut])
def sources(request: HttpRequest) -> Any:
    known = selectors.traffic()
    return [_out(one, known.get(one.id)) for one in selectors.sources()]


@router.post("", response={201: SourceOut}, auth=Scope("change_settings"))
def add_source(request: HttpRequest, body: SourceIn) -> Any:
    made, key = services.add_source(by=caller(request).name, **body.dict())
    return Status(201, {**_out(made, None), "key": key})


@router.delete("/{int:source_id}", response={204: None}, auth=Scope("change_settings"))
def revoke_source(request: HttpRequest, source_id: int) -> Any:
    services.revoke_source(source_id, by=caller(request).name)
    return Status(204, None)


@router.get("/{int:source_id}/script", response=ScriptOut)
def script(request: HttpRequest, source_id: int) -> Any:
    return selectors.script_for(source_id, host=request.build_absolute_uri("/"))


@router.post("/{int:source_id}/events", response=EventsTakenOut, auth=Scope("import"))
def import_events(
    request: HttpRequest,
    source_id: int,
    file: Annotated[UploadedFile, File()],
    format: contracts.EventFormat = "auto",
    columns: Annotated[str, Form()] = "",
) -> Any:
    refuse_too_large(request)
    return services.import_sent_events(
        file, source_id=source_id, format=format, columns=_chosen(columns),
        by=caller(request).name,
    )  # fmt: skip


@router.get("/properties", response=Listing[str])
def allowed_properties(request: HttpRequest) -> Any:
    return sorted(selectors.allowed_properties())


@router.post("/properties", response=Listing[str], auth=Scope("change_settings"))
def allow_property(request: HttpRequest, body: PropertyIn) -> Any:
    services.allow_property(body.name, by=caller(request).name)
    return sorted(selectors.allowed_properties())


@router.delete("/properties/{name}", response={204: None}, auth=Scope("change_settings"))
def forbid_property(request: HttpRequest, name: str) -> Any:
    services.forbid_property(name, by=caller(request).name)
    return Status(204, None)


@router.get("/unread", response=Listing[UnreadOut])
def unread(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    limit = max(1, min(limit, _MOST))
    found = selectors.unread(before=number_in(after), limit=limit + 1)
    return by_number(found, limit=limit)


@router.post("/unread/retry", response=CountOut, auth=Scope("import"))
def retry_unread(request: HttpRequest) -> Any:
    return {"messages": services.retry_unread(actor=caller(request).name)}


@router.post("/unread/drop", response=CountOut, auth=Scope("import"))
def drop_unread(request: HttpRequest) -> Any:
    return {"messages": services.drop_unread(actor=caller(request).name)}


def _chosen(text: str) -> dict[str, str]:
    """Which column is which, where the header does not say it: ``{"timestamp": "Column name"}``."""
    if not text.strip():
        return {}
    try:
        return TypeAdapter(dict[str, str]).validate_json(text)
    except ValidationError:
        raise contracts.BadEvents(
            "columns is no JSON object of texts", hint='such as {"timestamp": "Column name"}'
        ) from None


def _out(source: contracts.Source, traffic: contracts.Traffic | None) -> dict[str, Any]:
    return {**asdict(source), "traffic": asdict(traffic or contracts.Traffic())}
