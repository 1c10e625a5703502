"""Tasks for persons, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja import Router, Schema

from joren.act.journeys import selectors, services
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()
_MOST: Final = 200


class TaskOut(Schema):
    """Something that a journey asks somebody of the shop to do about a customer."""

    id: int
    journey: int
    journey_name: str
    customer: int
    title: str
    owner: str
    made_at: datetime
    done_at: datetime | None
    done_by: str


@router.get("", response=Listing[TaskOut], auth=Scope("view_personal"))
def tasks(
    request: HttpRequest, done: bool = False, journey: int | None = None, after: str = "",
    limit: int = 50,
) -> Any:  # fmt: skip
    """Those that are open, the oldest first; with ``done`` those that are done, newest first."""
    return selectors.duties(
        done=done, journey=journey, after=after, limit=max(1, min(limit, _MOST))
    )


@router.post("/{number}/done", response=TaskOut, auth=Scope("record_consents"))
def finish(request: HttpRequest, number: int) -> Any:
    """It is done; said again, it stays with whoever said it first."""
    return services.finish_duty(number, by=caller(request).name)
