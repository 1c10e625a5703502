"""Who is told of what, and when a change is worth a word. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from joren.measure.team.contracts import NoticeChoice, Topic

AGAIN: Final = 7
"""Days after which an overdue review is told of once more."""

MOST: Final = 8
"""Attempts to mail a notice; the last is made about a day after the first."""

LAST_WAIT: Final = timedelta(hours=12)
"""So long the last attempt is nobody else's."""

_LOUD: Final = ("proven_more", "proven_less", "broken")


def review_mark(last_held: str, days_since: int, most: int) -> str:
    """The same for a week, so that one word a week is said of an overdue review."""
    return f"review:{last_held}:{(days_since - most - 1) // AGAIN}"


def is_news(before: str | None, now: str) -> bool:
    """Is something proven, or broken, that was not, or no more? At first sight it is no news."""
    return before is not None and before != now and (before in _LOUD or now in _LOUD)


def whom(
    topic: Topic,
    concerned: Iterable[int],
    active: Iterable[int],
    deciders: Sequence[int],
    choices: Mapping[int, NoticeChoice],
) -> list[int]:
    """Whom it concerns, or where that is nobody all who may decide whom to treat; less those who
    left and those who switched it off."""
    here = set(active)
    named = [one for one in dict.fromkeys(concerned) if one in here]
    return [
        one for one in (named or deciders) if topic in choices.get(one, NoticeChoice(one)).topics
    ]


def wait_after(attempts: int) -> timedelta | None:
    """Until the next attempt; None: it is given up."""
    if attempts >= MOST:
        return None
    return timedelta(minutes=min(2 * 3 ** (attempts - 1), 720))
