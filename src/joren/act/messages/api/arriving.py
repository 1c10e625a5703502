"""Whether mails arrive, and where nothing is sent, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.act.messages import selectors, services
from joren.plumbing.access import Scope as Needs
from joren.plumbing.access import caller
from joren.plumbing.http import Listing

router = Router()


class WeekOfMailOut(Schema):
    """``low`` and ``high`` are the 95 % limits of the share of complaints."""

    since: date
    sent: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    low: float | None
    high: float | None


class MailRecordsIn(Schema):
    """As pasted from DNS."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""


class MailFindingOut(Schema):
    record: str
    grave: bool
    words: str


class DomainRecordsOut(Schema):
    """``trouble`` says of a record why DNS did not answer."""

    domain: str
    spf: str
    dkim: str
    dmarc: str
    trouble: dict[str, str]
    findings: list[MailFindingOut]


class MailboxShareOut(Schema):
    mailbox: str
    sent: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    low: float | None
    high: float | None


class SuppressedOut(Schema):
    id: int
    customer: int
    channel: str
    reason: str
    since: datetime
    until: datetime | None
    source: str


class SuppressionReleaseIn(Schema):
    why: str


@router.get("/messages/weeks", response=Listing[WeekOfMailOut])
def weeks(request: HttpRequest, weeks: int = 12) -> Any:
    """Mails, bounces and complaints week by week, the newest first."""
    return selectors.weeks_of_mail(min(max(weeks, 1), 53))


@router.post("/messages/records", response=Listing[MailFindingOut], auth=Needs("treat"))
def records(request: HttpRequest, body: MailRecordsIn) -> Any:
    """What is wrong with the records of a sender's domain; DNS is not asked."""
    return selectors.records(**body.dict())


@router.post("/messages/records/look-up", response=DomainRecordsOut, auth=Needs("treat"))
def look_up(request: HttpRequest, selector: str = "") -> Any:
    """Ask DNS for the records of the sender's domain, and what is wrong with them."""
    found = services.look_up_records(selector=selector)
    said = selectors.records(spf=found.spf, dkim=found.dkim, dmarc=found.dmarc)
    return {**asdict(found), "findings": said}


@router.get("/messages/mailboxes", response=Listing[MailboxShareOut])
def mailboxes(request: HttpRequest, days: int = 28) -> Any:
    """Mails, bounces and complaints by the mailboxes they went to, most first."""
    return selectors.mailbox_shares(min(max(days, 1), 365))


@router.get("/messages/suppressions", response=Listing[SuppressedOut], auth=Needs("view_personal"))
def suppressions(
    request: HttpRequest, customer: int | None = None, reason: str = "", after: str = "",
    limit: int = 50,
) -> Any:  # fmt: skip
    """Where nothing is sent now, and why."""
    return selectors.suppressed(
        customer=customer, reason=reason, after=after, limit=min(max(limit, 1), 1_000)
    )


@router.post("/messages/suppressions/{number}/release", response={204: None}, auth=Needs("treat"))
def release(request: HttpRequest, number: int, body: SuppressionReleaseIn) -> Any:
    """Send there again, for a reason that is written down."""
    services.release(number, why=body.why, by=caller(request).name)
    return Status(204, None)
