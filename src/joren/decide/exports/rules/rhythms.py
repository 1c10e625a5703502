"""When a file is due, by the shop's clocks. No clock here: the moment comes in.

A time that the change to summer time skips is the same moment by winter's clock, one that comes
twice is its first.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from joren.core.clock import zone
from joren.decide.exports.contracts.schedules import LONGEST_KEPT, BadSchedule, Rhythm

_LAST: Final = {"day": 1, "week": 7, "month": 31}


def checked(rhythm: Rhythm, keep_days: int) -> None:
    """Refuse what no calendar has."""
    if rhythm.every not in _LAST:
        raise BadSchedule(f"every {rhythm.every!r}", hint="day, week or month")
    if not 0 <= rhythm.hour <= 23:
        raise BadSchedule(f"hour is {rhythm.hour}", hint="0 to 23")
    if not 1 <= rhythm.day <= _LAST[rhythm.every]:
        raise BadSchedule(f"day is {rhythm.day}", hint=f"1 to {_LAST[rhythm.every]}")
    if not 1 <= keep_days <= LONGEST_KEPT:
        raise BadSchedule(f"kept for {keep_days} days", hint=f"1 to {LONGEST_KEPT}")


def due_before(now: datetime, rhythm: Rhythm, zone_name: str) -> datetime:
    """The newest moment up to now at which a file is due."""
    return max(one for one in _around(now, rhythm, zone_name) if one <= now)


def due_after(now: datetime, rhythm: Rhythm, zone_name: str) -> datetime:
    """The first moment after now at which a file is due."""
    return min(one for one in _around(now, rhythm, zone_name) if one > now)


def _around(now: datetime, rhythm: Rhythm, zone_name: str) -> Iterator[datetime]:
    here = zone(zone_name)
    today = now.astimezone(here).date()
    for away in range(-32, 33):
        day = today + timedelta(days=away)
        if _is_day(day, rhythm):
            yield datetime.combine(day, time(rhythm.hour), here).astimezone(UTC)


def _is_day(day: date, rhythm: Rhythm) -> bool:
    if rhythm.every == "week":
        return day.isoweekday() == rhythm.day
    if rhythm.every == "month":
        return day.day == min(rhythm.day, calendar.monthrange(day.year, day.month)[1])
    return True
