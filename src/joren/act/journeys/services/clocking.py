"""What comes by the clock, and by segments: a signal for each person, in chunks that go on where
they stopped."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connection, transaction

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import AT_ONCE, LATEST, Every, OnDate, Version
from joren.act.journeys.rules import days_due, local_moment
from joren.act.journeys.rules.walking import clock_name, move_name
from joren.act.journeys.services.hands import moment
from joren.core import clock
from joren.core.errors import JorenError
from joren.decide.segments import selectors as segments
from joren.plumbing.bulk import given

ROOM: Final = "journeys"
"""The name under which segments are followed live."""

_MOVES: Final = "segment moves"
_BEGUN: Final = timedelta(days=4)
"""So long after it was published no day is due any more that a version before it may have begun."""
_log = logging.getLogger(__name__)


def ring(versions: Sequence[Version], now: datetime, zone: str) -> int:
    """Signals of dates and schedules whose time has come; returns how many.

    A trigger that versions before had as well is the same one since the first of these: a day that
    one of them began to tell is told to its end under its name, and none is left out between them.
    """
    told = 0
    for version in versions:
        timed = any(isinstance(one, OnDate | Every) for one in version.document.triggers)
        fresh = version.published_at > now - _BEGUN
        before = selectors.versions(version.journey) if timed and fresh else []
        for place, trigger in enumerate(version.document.triggers):
            if isinstance(trigger, OnDate | Every):
                names, since = _so_far(version, place, trigger, before)
                for day in days_due(trigger, since, now, zone):
                    at = local_moment(day, trigger.at, zone)
                    told += _tell(_named(names, day), trigger, day, at)
    return told


def _so_far(
    version: Version, place: int, trigger: OnDate | Every, every: Sequence[Version]
) -> tuple[list[str], datetime]:
    """By which names the trigger went, the newest first, and since when it has been there."""
    names, since = [clock_name(version.id, place)], version.published_at
    nth = version.document.triggers[:place].count(trigger)
    older = [one for one in every if one.number < version.number]
    for one in sorted(older, key=lambda each: -each.number):
        places = [at for at, other in enumerate(one.document.triggers) if other == trigger]
        if len(places) <= nth:
            break
        names.append(clock_name(one.id, places[nth]))
        since = one.published_at
    return names, since


def _named(names: Sequence[str], day: date) -> str:
    """The name under which that day was begun, or that of now."""
    if len(names) == 1:
        return names[0]
    begun = {*models.Mark.objects.filter(pk__in=[_key(one, day) for one in names]).values_list(
        "pk", flat=True
    )}  # fmt: skip
    return next((one for one in names if _key(one, day) in begun), names[0])


def _key(name: str, day: date) -> str:
    return f"{name}:{day}"


def _tell(name: str, trigger: OnDate | Every, day: date, at: datetime) -> int:
    """Everybody of that day, by number; what a killed worker left is gone on with."""
    key, told = _key(name, day), 0
    mark = models.Mark.objects.filter(pk=key).first()
    if mark is not None and mark.done:
        return 0
    try:
        every = selectors.due_on(trigger, day)
    except JorenError as refused:  # others have their turn, and it is asked again
        _log.warning("%s cannot be asked: %s", key, refused.message)
        return 0
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _log.exception("%s cannot be asked", key)
        return 0
    while True:
        with transaction.atomic():
            models.Mark.objects.get_or_create(pk=key, defaults={"at": clock.now()})
            mark = models.Mark.objects.select_for_update().get(pk=key)
            if mark.done:
                return told
            some = [one for one in every if one > mark.upto][:AT_ONCE]
            _put(name, some, at)
            told += len(some)
            mark.done = len(some) < AT_ONCE
            mark.upto = some[-1] if some else mark.upto
            mark.save()


def _put(name: str, customers: Sequence[int], at: datetime) -> None:
    asked, value = given(customers)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journeys_signal (name, customer_id, at, properties) "
            f"WITH g(customer_id) AS ({asked}) SELECT %s, customer_id, %s, '{{}}' FROM g",
            [value, name, moment(at)],
        )


def follow(wanted: set[int]) -> int:
    """Signals of who came to a segment that a journey listens for, or left it; returns how many."""
    told = 0
    while wanted:
        with transaction.atomic():
            fresh = {"at": clock.now(), "upto": segments.newest_mark}
            models.Mark.objects.get_or_create(pk=_MOVES, defaults=fresh)
            mark = models.Mark.objects.select_for_update().get(pk=_MOVES)
            moves = segments.moves_since(mark.upto, sorted(wanted), AT_ONCE)
            if not moves:
                return told
            # Of a segment that another room has followed for long the old moves are history.
            since = clock.now() - timedelta(hours=LATEST)
            fresh_moves = [one for one in moves if not one.baseline and one.at >= since]
            models.Signal.objects.bulk_create(
                (
                    models.Signal(
                        name=move_name(one.segment_id, entered=one.entered),
                        customer_id=one.customer_id,
                        at=one.at,
                        properties={},
                    )
                    for one in fresh_moves
                ),
                batch_size=2_000,
            )
            mark.upto = moves[-1].id
            mark.save()
            told += len(fresh_moves)
    return told
