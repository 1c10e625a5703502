"""The only place that asks what time it is. Rules take the time as an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from joren.core.errors import BadInput

_stopped: Final[ContextVar[datetime | None]] = ContextVar("stopped", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _stopped.get() or datetime.now(UTC)


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """For a simulated shop alone, which has to live through a past of its own."""
    before = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(before)


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(f"no time zone {name!r}", hint="an IANA name such as Asia/Tokyo") from None


def shop_day(moment: datetime, zone_name: str) -> date:
    """The day that a clock in the shop shows at that moment."""
    return moment.astimezone(zone(zone_name)).date()


def shop_minute(moment: datetime, zone_name: str) -> str:
    """What a clock in the shop shows at that moment, such as 2026-11-28 10:00."""
    return f"{moment.astimezone(zone(zone_name)):%Y-%m-%d %H:%M}"


def moment_of(text: str, zone_name: str) -> datetime:
    """The moment that somebody wrote, in UTC; without an offset it is one of the shop's clock."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no moment", hint="such as 2026-12-01T10:00") from None
    return (said if said.tzinfo else said.replace(tzinfo=zone(zone_name))).astimezone(UTC)
