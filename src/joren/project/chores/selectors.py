"""How the chores went, and when they come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django_tasks_db.models import DBTaskResult

from joren.accounts.selectors import business
from joren.core import clock
from joren.project.chores import leases, rules
from joren.project.chores.models import Chore
from joren.project.chores.work import NIGHTLY


@dataclass(frozen=True)
class Standing:
    """One chore: ``seconds`` and ``said`` are of its last run."""

    name: str
    last_run: datetime | None
    last_well: datetime | None
    seconds: float | None
    well: bool
    running: bool
    said: str
    hint: str


@dataclass(frozen=True)
class Schedule:
    """``nightly_at`` "" means that nothing is done by itself; ``next_run`` is then None."""

    nightly_at: str
    time_zone: str
    next_run: datetime | None
    workers: int
    waiting_tasks: int
    failed_tasks: int
    chores: tuple[Standing, ...]


def schedule() -> Schedule:
    now, ours = clock.now(), business()
    rows = {row.pk: row for row in Chore.objects.all()}
    day_ago = now - timedelta(days=1)
    return Schedule(
        nightly_at=ours.nightly_at,
        time_zone=ours.time_zone,
        next_run=_next(now, ours.time_zone, ours.nightly_at),
        workers=len(leases.alive(now)),
        waiting_tasks=DBTaskResult.objects.ready().count(),
        failed_tasks=DBTaskResult.objects.failed().filter(finished_at__gt=day_ago).count(),
        chores=tuple(_standing(name, rows.get(name)) for name in NIGHTLY),
    )


def _next(now: datetime, time_zone: str, at: str) -> datetime | None:
    if at == rules.OFF:
        return None
    # Two days on is past the next one, whatever the clocks do meanwhile.
    moment = rules.night_before(now + timedelta(hours=48), time_zone, at)
    earlier = rules.night_before(moment - timedelta(minutes=1), time_zone, at)
    return earlier if earlier > now else moment


def _standing(name: str, row: Chore | None) -> Standing:
    if row is None or row.begun_at is None:
        return Standing(name, None, None, None, True, False, "", "")
    ended = row.finished_at
    seconds = (ended - row.begun_at).total_seconds() if ended else None
    return Standing(
        name, row.begun_at, row.done_at, seconds, row.well, bool(row.worker), row.said, row.hint
    )
