"""Words about whether mails arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

WATCHED: Final = 0.001
TURNED_AWAY: Final = 0.003
"""Shares of complaints: Gmail asks to stay below the one, and turns mail away at the other."""


@dataclass(frozen=True)
class WeekOfMail:
    """The mails that left of those asked for in a week. Shares are of ``sent``; None where none
    left. ``low`` and ``high`` are the limits of the complaints' share (95 %)."""

    since: date
    sent: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    low: float | None = None
    high: float | None = None

    @property
    def complained(self) -> float | None:
        return self.complaints / self.sent if self.sent else None


@dataclass(frozen=True)
class MailboxShare:
    """The mails of some weeks to one kind of mailboxes, such as gmail.com; ``low`` and ``high`` are
    the limits of the complaints' share (95 %)."""

    mailbox: str
    sent: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    low: float | None = None
    high: float | None = None

    @property
    def complained(self) -> float | None:
        return self.complaints / self.sent if self.sent else None


@dataclass(frozen=True)
class DomainRecords:
    """What DNS says of a sender's domain; ``trouble`` says of a record why it was not answered."""

    domain: str
    spf: str
    dkim: str
    dmarc: str
    trouble: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Suppressed:
    """Where nothing is sent to a customer, and why; ``until`` None: until somebody lifts it."""

    id: int
    customer: int
    channel: str
    reason: str
    since: datetime
    until: datetime | None
    source: str
