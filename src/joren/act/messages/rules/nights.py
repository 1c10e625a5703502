"""When nothing may arrive, on a clock somewhere: over midnight and over changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from joren.act.messages.contracts import Quiet


def nights(
    quiet: Quiet | None, zone: ZoneInfo, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The quiet times that touch a span, in UTC: from the first moment to the one after the last.

    A local time that a change of the clock leaves out begins when the clock has gone on; one that
    comes twice begins a quiet time at its first coming, and ends it at its second.
    """
    if quiet is None or quiet.since == quiet.until:
        return []
    first = since.astimezone(zone).date() - timedelta(2)
    last = until.astimezone(zone).date() + timedelta(1)
    found: list[tuple[datetime, datetime]] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        over = day if quiet.since < quiet.until else day + timedelta(1)
        begin, end = moment(day, quiet.since, zone, 0), moment(over, quiet.until, zone, 1)
        if begin < end and end > since and begin < until:
            found.append((begin, end))
    return found


def moment(day: date, clock: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """When that clock shows that time, in UTC, to the second."""
    local = datetime.combine(day, clock, zone).replace(fold=fold)
    there = local.astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    # Left out: between the readings by the offset after the change and by the one before it.
    low, high = (local.replace(fold=one).astimezone(UTC) for one in (1, 0))
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def awake(quiet: Quiet | None, zone: ZoneInfo, at: datetime) -> datetime:
    """That moment, or the end of the quiet time it lies in."""
    for begin, end in nights(quiet, zone, at, at + timedelta(seconds=1)):
        if begin <= at < end:
            return end
    return at


def month_after(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the next month there."""
    day = at.astimezone(zone).date().replace(day=1) + timedelta(32)
    return moment(day.replace(day=1), time(0), zone)
