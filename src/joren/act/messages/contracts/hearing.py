"""Words about what comes back of messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

LINE: Final = "line"


@dataclass(frozen=True)
class Heard:
    """One word of a mail service or of LINE. ``key`` is the same however often it is told.

    ``kind`` is anymail's word, or ``follow`` and ``unfollow``. ``number`` is what a channel called
    the message; of LINE it is the friend.
    """

    key: str
    kind: str
    number: str
    at: datetime
    reason: str = ""
    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Rates:
    """What came of the mails of some days. ``opened`` is shown and decides nothing.

    ``clicked`` are messages that a person clicked in, ``scanned`` those that a scanner alone did.
    """

    sent: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    opened: int
    clicked: int
    scanned: int
