"""When it is time. No clock here: the moment comes in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from joren.act.journeys.contracts import WEEKDAYS, Await, Every, Node, OnDate, Until, Wait
from joren.core.clock import zone
from joren.core.errors import BadInput

_CATCH_UP: Final = 2


def arrives(node: Node, now: datetime, zone_name: str) -> datetime:
    """When somebody who arrives now has to go on at the latest."""
    if isinstance(node, Wait | Await):
        return now + timedelta(minutes=node.minutes)
    if isinstance(node, Until):
        return next_moment(node.at, node.weekdays, now, zone_name)
    return now


def next_moment(at: str, weekdays: Sequence[str], now: datetime, zone_name: str) -> datetime:
    """The first moment from now on at which a clock there shows that time on such a day.

    A time that the change to summer time skips is the same moment by winter's clock; one that
    comes twice is its first.
    """
    day = now.astimezone(zone(zone_name)).date()
    allowed = {WEEKDAYS.index(one) for one in weekdays} or set(range(7))
    while True:
        moment = local_moment(day, at, zone_name)
        if moment >= now and day.weekday() in allowed:
            return moment
        day += timedelta(days=1)


def local_moment(day: date, at: str, zone_name: str) -> datetime:
    """The moment at which a clock there shows that time on that day, in UTC."""
    return datetime.combine(day, time_named(at), zone(zone_name)).astimezone(UTC)


def time_named(text: str) -> time:
    """The time of day that ``10:00`` says."""
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 (a time of day has no zone)
    except ValueError:
        raise BadInput(f"{text!r} is no time of day", hint="such as 10:00") from None


def days_due(
    trigger: OnDate | Every, since: datetime, now: datetime, zone_name: str
) -> tuple[date, ...]:
    """The days whose time has come since then; of a long absence the last ones."""
    today = now.astimezone(zone(zone_name)).date()
    days = [today - timedelta(days=back) for back in range(_CATCH_UP, -1, -1)]
    return tuple(
        day
        for day in days
        if falls_on(trigger, day) and since <= local_moment(day, trigger.at, zone_name) <= now
    )


def falls_on(trigger: OnDate | Every, day: date) -> bool:
    """Is it such a day? A date of each person may be any."""
    if isinstance(trigger, OnDate) or trigger.every == "day":
        return True
    if trigger.every == "week":
        return WEEKDAYS[day.weekday()] == trigger.weekday
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return day.day == min(trigger.day, last.day)


def shifted_birthdays(days: int, on: date) -> tuple[str, ...]:
    """The birthdays (``04-01``) that are reached on that day, shifted by so many days.

    Who was born on 閏日 has it on 28 February where the year has none.
    """
    of = on - timedelta(days=days)
    found = [f"{of:%m-%d}"]
    if found == ["02-28"] and not _leap(of.year):
        found.append("02-29")
    return tuple(found)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
