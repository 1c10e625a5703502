"""Words about questions to the ledger: which rows, how many, and of which content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


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
