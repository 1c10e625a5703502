"""When a chore is due. No clock here: the moment comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from joren.core.clock import zone
from joren.core.errors import BadInput

OFF: Final = ""
RETRY_AFTER: Final = timedelta(minutes=15)
ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Past:
    """What is known of a chore: the night it last stood for, whether that went well, and when."""

    night: datetime | None = None
    well: bool = True
    attempts: int = 0
    finished_at: datetime | None = None


def time_named(text: str) -> time:
    """The time of day that ``03:30`` says."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (a time of day has no zone)
    except ValueError:
        raise BadInput(f"{text!r} is no time of day", hint="such as 03:30, or off") from None


def night_before(now: datetime, zone_name: str, at: str) -> datetime:
    """The newest moment up to now at which a clock in the zone showed that time.

    Once on each of its days: a time that the change to summer time skips is the same moment by
    winter's clock, one that comes twice is its first.
    """
    here = zone(zone_name)
    wanted = time_named(at)
    day = now.astimezone(here).date()
    moment = datetime.combine(day, wanted, here).astimezone(UTC)
    if moment > now:
        moment = datetime.combine(day - timedelta(days=1), wanted, here).astimezone(UTC)
    return moment


def is_due(past: Past, night: datetime, now: datetime) -> bool:
    """Is there a night that the chore has not stood for, or one that is to be tried again?

    However many nights were missed, the newest stands for them all.
    """
    if past.night is None or past.night < night:
        return True
    if past.well or past.attempts >= ATTEMPTS:
        return False
    return past.finished_at is None or now - past.finished_at >= RETRY_AFTER
