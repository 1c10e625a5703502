"""People's own data for programs: what is known of them, and that they be forgotten."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from joren.core import clock
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import part_of
from joren.plumbing.http import Listing
from joren.protect.erasure import selectors, services
from joren.protect.erasure.contracts import Kept, NotAsked, Preview

router = Router()


class RequestOut(Schema):
    """``state`` is open, waiting, running, done, withdrawn, or unverified after a restore."""

    id: int
    kind: str
    state: str
    customer: int
    asked_at: datetime
    due_on: date
    asked_by: str
    note: str
    suppress: bool
    finished_at: datetime | None
    counts: dict[str, int]
    error: str


class AskIn(Schema):
    """``kind`` is export or erasure; ``note`` says how they asked, and not who."""

    kind: str
    note: str = ""
    suppress: bool = False


class ConfirmIn(Schema):
    """The number of the customer once more, so that no other is erased by a slip."""

    customer: int


class ErasedIn(Schema):
    """``kind`` is email, phone, or the name of a store whose number ``text`` is."""

    kind: str
    text: str


class KeepIn(Schema):
    """``days`` null keeps them for ever."""

    days: int | None


@router.get("/privacy/requests", response=Listing[RequestOut], auth=Scope("answer_people"))
def requests(
    request: HttpRequest,
    only_open: bool = False,
    customer: int | None = None,
    after: str = "",
    limit: int = 100,
) -> Any:
    """Who asked what, those to be answered first."""
    every = selectors.requests(only_open=only_open, customer=customer, limit=None)
    return part_of(every, after=after, limit=max(1, min(limit, 500)), number=lambda one: one.id)


@router.post(
    "/customers/{customer_id}/privacy", response={201: RequestOut}, auth=Scope("record_consents")
)
def ask(request: HttpRequest, customer_id: int, body: AskIn) -> Any:
    """Write down that a customer asked for their data or to be forgotten; due within 30 days."""
    number = services.ask(customer_id, by=caller(request).name, **body.dict())
    return Status(201, selectors.request(number))


@router.get("/customers/{customer_id}/erasure", response=Preview, auth=Scope("answer_people"))
def preview(request: HttpRequest, customer_id: int) -> Any:
    """What an erasure would remove, and what stays without the person. Nothing is done."""
    return selectors.preview(customer_id)


@router.post("/customers/{customer_id}/export", auth=Scope("answer_people"))
def export_person(request: HttpRequest, customer_id: int, language: str = "ja") -> Any:
    """Everything about a customer, in words that people read; answers an open request."""
    if language not in ("ja", "en"):
        raise NotAsked(f"no language {language!r}", hint="ja or en")
    given = services.export_person(customer_id, by=caller(request).name, language=language)
    return HttpResponse(services.written(given), content_type="application/json")


@router.post(
    "/privacy/requests/{number}/erase", response={202: RequestOut}, auth=Scope("answer_people")
)
def erase(request: HttpRequest, number: int, body: ConfirmIn) -> Any:
    """Forget the person of the request: a worker does it within a minute."""
    if selectors.request(number).customer != body.customer:
        raise NotAsked(
            f"request {number} is not of customer {body.customer}", hint="look at the request again"
        )
    return Status(202, services.erase_person(number, by=caller(request).name, at_once=False))


@router.post(
    "/privacy/requests/{number}/withdraw", response=RequestOut, auth=Scope("answer_people")
)
def withdraw(request: HttpRequest, number: int) -> Any:
    """The person does not want it any more."""
    return services.withdraw(number, by=caller(request).name)


@router.post("/privacy/erased", response=Listing[RequestOut], auth=Scope("answer_people"))
def erased(request: HttpRequest, body: ErasedIn) -> Any:
    """Whether somebody with that address, phone or number was erased, by keyed hash."""
    return list(selectors.was_erased(body.kind, body.text))


@router.get("/privacy/retention", response=Listing[Kept])
def retention(request: HttpRequest) -> Any:
    """How long what is kept, and how many rows are old by it."""
    return list(selectors.retention(now=clock.now()))


@router.put("/privacy/retention/{name}", response=Listing[Kept], auth=Scope("change_settings"))
def keep_for(request: HttpRequest, name: str, body: KeepIn) -> Any:
    """Keep a kind for so many days; what is old goes the next night."""
    services.keep_for(name, body.days, by=caller(request).name)
    return list(selectors.retention(now=clock.now()))
