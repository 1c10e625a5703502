"""The ledger for programs: what became of every message, and of which content they were."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from joren.act.messages import selectors
from joren.act.messages.contracts import LedgerAsked
from joren.plumbing.access import Scope as Needs
from joren.plumbing.http import Listing

router = Router()


class LedgerAskedShape(Schema):
    """Days are the shop's. ``source`` is ``campaign`` or ``journey``, with its ``source_id``."""

    since: date | None = None
    until: date | None = None
    state: str = ""
    reason: str | None = None
    source: str = ""
    source_id: int = 0
    channel: str = ""
    kind: str = ""


class LedgerRowOut(Schema):
    """``lot``: the holdout that leaves them out. Cost in minor units, null where it is unknown."""

    id: int
    customer: int
    source: str
    source_id: int
    step: str
    template: int
    template_name: str
    channel: str
    kind: str
    state: str
    reason: str
    lot: int | None
    asked_at: datetime
    next_at: datetime | None
    expires_at: datetime | None
    sent_at: datetime | None
    version: int | None
    cost: int | None


class LedgerCountOut(Schema):
    state: str
    reason: str
    n: int


class MessageSharesOut(Schema):
    """``people``: how many belong to the group; ``reached``: how many of them got any message."""

    group: str
    number: int
    by_kind: dict[str, int]
    n: int
    reached: int
    people: int | None


class MessageSharesReport(Schema):
    """Messages that left. Deciles and segments are of the last ``days``."""

    days: int
    months: list[MessageSharesOut]
    deciles: list[MessageSharesOut]
    segments: list[MessageSharesOut]


@router.get("/messages/ledger", response=Listing[LedgerRowOut], auth=Needs("view_personal"))
def ledger(
    request: HttpRequest, asked: Query[LedgerAskedShape], after: str = "", limit: int = 50
) -> Any:
    """Every message of all kinds, newest first, also those that were not sent, with the reason."""
    return selectors.ledger_rows(
        LedgerAsked(**asked.dict()), after=after, limit=min(max(limit, 1), 1_000)
    )


@router.get("/messages/ledger/counts", response=Listing[LedgerCountOut])
def ledger_counts(request: HttpRequest, asked: Query[LedgerAskedShape]) -> Any:
    """How many are in each state for each reason."""
    return selectors.ledger_counts(LedgerAsked(**asked.dict()))


@router.get("/messages/shares", response=MessageSharesReport)
def shares(request: HttpRequest, days: int = 90) -> Any:
    """Of which content the messages were that left: by month, decile and segment."""
    days = min(max(days, 1), 366)
    return {
        "days": days,
        "months": selectors.shares_by_month(),
        "deciles": selectors.shares_by_decile(days),
        "segments": selectors.shares_by_segment(days),
    }
