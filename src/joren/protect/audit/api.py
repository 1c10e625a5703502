"""The book of deeds for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.plumbing.access import Scope
from joren.plumbing.http import Listing
from joren.protect.audit import selectors

router = Router()


class EntryOut(Schema):
    id: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    detail: dict[str, Any]


@router.get("", response=Listing[EntryOut], auth=Scope("manage_members"))
def entries(
    request: HttpRequest, after: str = "", limit: int = 50, actor: str = "", action: str = ""
) -> Any:
    return selectors.entries(after=after, limit=max(1, min(limit, 500)), actor=actor, action=action)
