"""Words about notices that come back by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound

RETURNED: Final = "return-path"
"""In place of a mail service: what mail servers wrote to the return path."""

LARGEST_NOTICE: Final = 10 * 2**20
"""Bytes."""

Took = Literal["heard", "waits", "unknown", "ignored"]
"""``waits``: it names a message that the ledger may know in a moment. ``unknown``: somebody must
look at it. ``ignored``: an automatic answer, or about somebody who is not there any more."""


@dataclass(frozen=True)
class Taken:
    """What became of a notice; ``kind`` and ``reason`` are anymail's words."""

    took: Took
    kind: str
    reason: str
    send: int | None


@dataclass(frozen=True)
class ReturnedNotice:
    """A notice that somebody must look at, with what it says; ``customer`` where it is known."""

    id: int
    at: datetime
    received_at: datetime
    kind: str
    reason: str
    customer: int | None
    sender: str
    subject: str
    said: str


class BadNotice(BadInput):
    """What came is no mail that could be read."""


class NoSuchNotice(NotFound):
    """There is no notice of that number to look at."""
