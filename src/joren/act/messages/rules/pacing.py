"""How many messages may leave now: a bucket that fills by the minute, and a warm-up by the day.

Mailbox providers refuse a new sender that writes to many at once. While a domain is warmed up, the
day's first limit grows by half from day to day, until the shop ends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from joren.act.messages.contracts import Pace

GROWTH: Final = 1.5
_MINUTE: Final = 60.0
_LONGEST: Final = 60
"""Days after which a warm-up holds nobody back any more."""


def room(pace: Pace, now: datetime, today: date) -> tuple[int | None, Pace]:
    """How many may leave now (None: as many as there are), and the bucket as filled up to now.

    A clock that was set back fills nothing and takes nothing away.
    """
    bounds: list[int] = []
    if pace.per_minute is not None:
        since = pace.filled_at
        gone = 0.0 if since is None else max(0.0, (now - since).total_seconds())
        start = float(pace.per_minute) if since is None else pace.tokens
        tokens = min(float(pace.per_minute), start + gone * pace.per_minute / _MINUTE)
        pace = replace(pace, tokens=tokens, filled_at=now if since is None else max(now, since))
        bounds.append(int(tokens))
    limit = of_the_day(pace, today)
    if limit is not None:
        used = pace.used if pace.used_on == today else 0
        bounds.append(max(0, limit - used))
    return (min(bounds) if bounds else None), pace


def of_the_day(pace: Pace, today: date) -> int | None:
    """The limit of that day, while it is warmed up."""
    if pace.warm_since is None or pace.warm_first is None:
        return None
    days = max(0, (today - pace.warm_since).days)
    return None if days > _LONGEST else int(pace.warm_first * GROWTH**days)


def taken(pace: Pace, n: int, today: date) -> Pace:
    """After so many were let through."""
    used = pace.used if pace.used_on == today else 0
    return replace(pace, tokens=pace.tokens - n, used_on=today, used=used + n)


def again_after(pace: Pace, today: date) -> timedelta:
    """When it is worth asking again for what found no room."""
    limit = of_the_day(pace, today)
    if limit is not None and pace.used_on == today and pace.used >= limit:
        return timedelta(minutes=15)
    per_minute = max(1, pace.per_minute or 1)
    return timedelta(seconds=max(1.0, _MINUTE / per_minute))
