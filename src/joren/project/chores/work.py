"""The chores themselves, in the order of a night. Each says in a few words what it did."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from django.contrib.sessions.backends.db import SessionStore
from django_tasks_db.models import DBTaskResult

from joren.act.deliveries import services as deliveries
from joren.act.forms import services as forms
from joren.act.journeys import services as journeys
from joren.act.messages import services as sending
from joren.collect.connectors import services as imports
from joren.collect.inbox import services as inbox
from joren.collect.orders.services import compact_facts
from joren.collect.registrations import services as registrations
from joren.collect.webhooks import services as webhooks
from joren.core import clock
from joren.decide.holdouts import services as holdouts
from joren.plumbing.warehouse import warehouse
from joren.project.refresh import refresh
from joren.protect.erasure import services as erasure
from joren.understand.ltv.contracts import NothingToConclude

TASKS_KEPT: Final = timedelta(days=30)
_SCRATCH_KEPT: Final = timedelta(days=1)


def refreshed() -> str:
    """The figures as of today, from all that has come in."""
    try:
        report = refresh()
    except NothingToConclude:
        return "no orders yet"
    return f"snapshot {report.snapshot_id} as of {report.as_of}, {report.seconds:.0f} s"


def compacted() -> str:
    """Facts in few files, without the versions that were replaced."""
    done = compact_facts(warehouse(), now=clock.now())
    joined = sum(done.joined.values()) + inbox.compact_events(warehouse())
    return f"{joined} small files joined, {done.rewritten} rewritten, {done.forgotten} entries gone"


def swept() -> str:
    """Sessions that have ended, finished tasks, files that nobody will ask for again."""
    SessionStore.clear_expired()
    old = clock.now() - TASKS_KEPT
    tasks, _ = DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()
    uploads, unread = imports.sweep_uploads(), inbox.sweep() + webhooks.sweep()
    deliveries.sweep()
    registrations.sweep()
    forms.sweep()
    sending.sweep_letters(clock.now())
    journeys.sweep(old)
    while sending.read_strangers(every=True):
        pass
    sending.sweep_heard()
    sending.sweep_returned()
    gone = f"{tasks} finished tasks, {uploads} uploads, {unread} unread messages"
    return f"{gone}, {_swept_scratch()} drafts removed"


def _swept_scratch() -> int:
    """What killed processes left in the middle of writing."""
    limit = time.time() - _SCRATCH_KEPT.total_seconds()
    gone = 0
    for path in warehouse().scratch.rglob("*.parquet"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def retained() -> str:
    """What is old by the shop's own rules goes; who was erased and came back has refused all."""
    try:
        gone = {name: count for name, count in erasure.purge(by="nightly").items() if count}
    finally:
        back = erasure.refuse_the_returned()
    said = ", ".join(f"{count} {name}" for name, count in gone.items()) or "nothing old"
    return f"{said}, {back} came back" if back else said


def reviewed() -> str:
    """The review of the day is opened and mailed to whom it names."""
    from joren.project.pages.views.printing import mail_todays  # late: the pages load for long

    return f"{mail_todays()} mails of reviews left"


def left_out() -> str:
    """Who is left out of everything: cohorts whose time is over end, others begin."""
    drawn = holdouts.rotate()
    return ", ".join(f"{one.name}: {one.held_out:,} customers" for one in drawn) or "no new cohort"


NIGHTLY: Final[dict[str, Callable[[], str]]] = {
    "refresh": refreshed,
    "reviews": reviewed,
    "holdouts": left_out,
    "compaction": compacted,
    "sweep": swept,
    "retention": retained,
}
AFTER: Final[Mapping[str, str]] = {"reviews": "refresh"}
"""What waits for another chore to go well that night: an agenda is written once, and stays."""
