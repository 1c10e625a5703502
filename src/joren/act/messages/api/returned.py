"""Notices that come back by mail, for mail servers and programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.act.messages import selectors, services
from joren.plumbing.access import Scope as Needs
from joren.plumbing.access import caller
from joren.plumbing.http import Listing

router = Router()


class NoticeTakenOut(Schema):
    """``heard``: what it says of the message follows. ``waits``: the ledger may know the message in
    a moment. ``unknown``: somebody must look at it. ``ignored``: an automatic answer, or about
    somebody who was erased. ``kind`` and ``reason`` are anymail's words.
    """

    took: Literal["heard", "waits", "unknown", "ignored"]
    kind: str
    reason: str
    send: int | None


class ReturnedNoticeOut(Schema):
    id: int
    at: datetime
    received_at: datetime
    kind: str
    reason: str
    customer: int | None
    sender: str
    subject: str
    said: str


@router.post(
    "/messages/returned",
    response=NoticeTakenOut,
    auth=Needs("treat"),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def take_returned(request: HttpRequest) -> Any:
    """Take in one mail of the return path, as it came. However often it comes, it is one."""
    return services.take_returned(request.body)


@router.get("/messages/returned", response=Listing[ReturnedNoticeOut], auth=Needs("view_personal"))
def returned(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    """Notices that somebody must look at, the newest first."""
    return selectors.returned(after=after, limit=min(max(limit, 1), 1_000))


@router.post("/messages/returned/{number}/settle", response={204: None}, auth=Needs("treat"))
def settle_returned(request: HttpRequest, number: int) -> Any:
    """Somebody looked at it: what it says goes."""
    services.settle_returned(number, by=caller(request).name)
    return Status(204, None)
