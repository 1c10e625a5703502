"""Words about questions to the ledger: which rows, how many, and of which content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class LedgerAsked:
    """Which rows: "" and None ask for all. Days are the shop's, both included.

    ``source`` is ``campaign`` or ``journey``, with its number; 0 is each of them.
    """

    since: date | None = None
    until: date | None = None
    state: str = ""
    reason: str | None = None
    source: str = ""
    source_id: int = 0
    channel: str = ""
    kind: str = ""


@dataclass(frozen=True)
class LedgerCount:
    """How many rows are in a state for a reason."""

    state: str
    reason: str
    n: int


@dataclass(frozen=True)
class MessageShares:
    """What a group got: messages by kind, and how many of its people got any at all.

    ``group`` is a month, a decile, or a segment's name; ``people`` is the group's size, None where
    it is not known.
    """

    group: str
    by_kind: Mapping[str, int] = field(default_factory=dict)
    reached: int = 0
    people: int | None = None
    number: int = 0

    @property
    def n(self) -> int:
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class OutcomeOf:
    """What came of what one step sends: of ``sent`` some bounced, and some were reported as spam.

    Since ``held_at`` nothing of it leaves.
    """

    errand: int
    source: str
    source_id: int
    step: str
    channel: str
    kind: str
    template_name: str
    held_at: datetime | None
    sent: int
    bounced: int
    complaints: int

    @property
    def delivered(self) -> int:
        return max(0, self.sent - self.bounced)


@dataclass(frozen=True)
class Reached:
    """A message that somebody got, or would have got had a lot not left them out."""

    customer: int
    errand: int
    held_out: bool
    at: datetime


@dataclass(frozen=True)
class LeftToPeople:
    """Messages that left, in columns: whose they were, of which of the kinds, how many days ago."""

    customers: Any
    kinds: Any
    days_ago: Any
