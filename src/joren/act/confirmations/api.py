"""Mails to confirm by, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.act.confirmations import selectors, services
from joren.act.confirmations.contracts import State
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import by_number, number_in
from joren.plumbing.http import Listing

router = Router()


class MailingOut(Schema):
    """``request`` is the number of the entry in the ledger of consents."""

    id: int
    request: int
    customer: int
    number: int
    language: str
    asked_at: datetime
    state: State
    confirmed_at: datetime | None


@router.get("", response=Listing[MailingOut])
def confirmations(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    """Mails that asked to confirm, newest first."""
    limit = max(1, min(limit, 200))
    found = selectors.mailings(before=number_in(after), limit=limit + 1)
    return by_number(found, limit=limit)


@router.post("/customers/{customer_id}", response={201: MailingOut}, auth=Scope("record_consents"))
def send_confirmation(request: HttpRequest, customer_id: int) -> Any:
    """Write to the customer about what they asked for and have not confirmed, within the limits."""
    return Status(201, asdict(services.send_to(customer_id, by=caller(request).name)))
