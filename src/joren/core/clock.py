"""The only place that asks what time it is. Rules take the time as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from joren.core.errors import BadInput


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput(f"no time zone {name!r}", hint="an IANA name such as Asia/Tokyo") from None


def shop_day(moment: datetime, zone_name: str) -> date:
    """The day that a clock in the shop shows at that moment."""
    return moment.astimezone(zone(zone_name)).date()
