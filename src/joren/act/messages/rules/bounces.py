"""What a mailbox's answer means for the next message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

SOFT_WITHIN: Final = timedelta(days=14)
SOFT_MOST: Final = 3
SOFT_FOR: Final = timedelta(days=7)
"""After so many soft bounces within so long, nothing is sent for so long."""

_HARD: Final = frozenset(("invalid", "bounced"))

Verdict = Literal["hard_bounce", "soft_bounce", "complaint", "unsubscribed", ""]


def verdict(kind: str, reason: str) -> Verdict:
    """What the word of a service comes to, in anymail's words; "" changes nothing."""
    if kind == "complained" or (kind == "rejected" and reason == "spam"):
        return "complaint"
    if kind == "unsubscribed" or (kind == "rejected" and reason == "unsubscribed"):
        return "unsubscribed"
    if kind in ("bounced", "rejected"):
        return "hard_bounce" if reason in _HARD else "soft_bounce"
    return "soft_bounce" if kind == "failed" else ""


def stopped_until(bounces: Sequence[datetime]) -> datetime | None:
    """Until when nothing is sent after these soft bounces; None: they are too few, or too old."""
    ordered = sorted(bounces)
    for place in range(len(ordered) - 1, SOFT_MOST - 2, -1):
        if ordered[place] - ordered[place - SOFT_MOST + 1] <= SOFT_WITHIN:
            return ordered[place] + SOFT_FOR
    return None
