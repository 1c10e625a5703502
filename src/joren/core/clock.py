"""The only place that asks what time it is. Rules take the time as an argument."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from joren.core.errors import BadInput

DATES: Final = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H%M%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H時%M分", "%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S",
    "%Y.%m.%d", "%m/%d/%Y %H:%M", "%m/%d/%Y",
)  # fmt: skip
"""How files write a moment, besides ISO; 1/2/2026 is the second of January."""

_OFFSET: Final = re.compile(r"(?<=\d) ?(Z|UTC|[+-]\d\d(?::?\d\d)?)$")
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
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name of a file, perhaps too long
        raise BadInput(
            f"no time zone {name[:60]!r}", hint="an IANA name such as Asia/Tokyo"
        ) from None


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


def written_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment that a file writes in any of the usual ways, None where it is none; without an
    offset it is one of that zone's clock."""
    plain = unicodedata.normalize("NFKC", text).strip()
    said = _iso(plain)
    if said is None:
        stated = _OFFSET.search(plain) if ":" in plain else None
        bare = plain[: stated.start()] if stated else plain
        offset = stated[1].replace("UTC", "Z") if stated else ""
        read = _iso(bare) or next((one for form in DATES if (one := _read(bare, form))), None)
        read = read or _serial(bare)
        said = read and _iso(read.isoformat() + offset)
    return said and (said if said.tzinfo else said.replace(tzinfo=zone))


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _read(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 (whoever asks knows the zone)
    except ValueError:
        return None


def _serial(text: str) -> datetime | None:
    """Of a spreadsheet, which counts days since 1899-12-30."""
    if not re.fullmatch(r"[2-7]\d{4}(\.\d+)?", text):
        return None
    return datetime(1899, 12, 30) + timedelta(seconds=round(float(text) * 86_400))  # noqa: DTZ001 (a serial has no zone; whoever asks knows it)
