"""As many as the limits have room for; to the rest a turn is promised, which is written once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection

from joren.accounts.selectors import business
from joren.act.messages import models, selectors
from joren.act.messages.contracts import JobMessage, Pace
from joren.act.messages.rules import nights, pacing
from joren.core import clock

EVERYTHING: Final = "*"
TURN: Final = "turn"
"""The reason of those to whom one is promised."""


def room_of(channel: str, now: datetime) -> int | None:
    """How many the limits of everything and of the channel let leave now; None: all."""
    today = clock.shop_day(now, business().time_zone)
    rows = models.Pace.objects.filter(scope__in=(EVERYTHING, channel))
    rooms = [pacing.room(selectors.pace_of(row), now, today)[0] for row in rows]
    return min((one for one in rooms if one is not None), default=None)


def let_through(
    left: Mapping[int, str], jobs: Mapping[int, JobMessage], channel: str, now: datetime
) -> list[int]:
    """As many as there is room for, in their order; ``left`` says why each waited. Where turns are
    promised nobody goes before those who have one."""
    domains = {pk: _domain(jobs[pk]) for pk in left}
    scopes = [EVERYTHING, channel, *sorted({f"{channel}:{one}" for one in domains.values()})]
    locked = models.Pace.objects.select_for_update().filter(scope__in=scopes)
    rows = {row.scope: row for row in locked.order_by("scope")}
    if not rows:
        return list(left)
    home = business().time_zone
    today = clock.shop_day(now, home)
    paces = {scope: selectors.pace_of(row) for scope, row in rows.items()}
    queues = {scope: _queue(row) for scope, row in rows.items()}
    rooms: dict[str, int | None] = {}
    for scope, pace in paces.items():
        rooms[scope], paces[scope] = pacing.room(pace, now, today)
    going: list[int] = []
    used: Counter[str] = Counter()
    turns: list[tuple[datetime, int]] = []

    def full(scope: str, why: str) -> bool:
        until, room = queues[scope].until, rooms[scope]
        behind = why != TURN and until is not None and until > now
        return behind or (room is not None and used[scope] >= room)

    for pk, why in left.items():
        own = [one for one in (EVERYTHING, channel, f"{channel}:{domains[pk]}") if one in rows]
        if not any(full(one, why) for one in own):
            used.update(own)
            going.append(pk)
            continue
        at = now
        for one in [one for one in own if full(one, why)]:
            pace = pacing.taken(paces[one], used[one], today)
            mine, queues[one] = pacing.turn(
                pace, queues[one], now, today, lambda day: _begins(day, home)
            )
            at = max(at, mine)
        turns.append((at, pk))
    for scope, row in rows.items():
        _save(row, pacing.taken(paces[scope], used[scope], today), queues[scope])
    _promise(turns)
    return going


def forget_turns(scope: str) -> None:
    """The limit is another one: whoever had a turn by it asks anew."""
    waiting = models.Send.objects.filter(state="waiting", reason=TURN)
    if scope != EVERYTHING:
        channel = scope.partition(":")[0]
        errands = models.Errand.objects.filter(channel=channel)
        waiting = waiting.filter(errand_id__in=errands.values("pk"))
    waiting.update(next_at=clock.now())


def _queue(row: models.Pace) -> pacing.Queue:
    return pacing.Queue(row.promised_until, row.promised_on, row.promised)


def _begins(day: date, home: str) -> datetime:
    return nights.moment(day, time(0), ZoneInfo(home))


def _save(row: models.Pace, pace: Pace, queue: pacing.Queue) -> None:
    row.tokens, row.filled_at = pace.tokens, pace.filled_at
    row.used_on, row.used = pace.used_on, pace.used
    row.promised_until, row.promised_on, row.promised = queue.until, queue.on, queue.n
    row.save(
        update_fields=[
            "tokens", "filled_at", "used_on", "used",
            "promised_until", "promised_on", "promised",
        ]
    )  # fmt: skip


def _promise(turns: list[tuple[datetime, int]]) -> None:
    """Each at its second; of each by its number, as they are noted when they left."""
    if not turns:
        return
    adapt = connection.ops.adapt_datetimefield_value
    whole = [(at.replace(microsecond=0) + timedelta(seconds=bool(at.microsecond)), pk)
             for at, pk in turns]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE act_messages_send SET claimed_until = NULL, next_at = %s, reason = %s "
            "WHERE id = %s",
            [(adapt(at), TURN, pk) for at, pk in whole],
        )


def _domain(job: JobMessage) -> str:
    to = job.message.to if job.message else ""
    return to.rpartition("@")[2].lower()
