"""Who is alive. A worker says so every few seconds; what a dead one held is taken back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections, connection, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from joren.core import clock
from joren.project.chores.models import Chore, Worker

BEAT: Final = timedelta(seconds=10)
LEASE: Final = timedelta(seconds=60)
ATTEMPTS: Final = 3
_GONE: Final = "joren.project.chores.leases.WorkersDied"


class Heartbeat:
    """While inside, the worker is alive to all others; a thread of its own says so."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        seen(self._worker)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=5)
        Worker.objects.filter(pk=self._worker).delete()

    def _beat(self) -> None:
        try:
            while not self._stopped.wait(BEAT.total_seconds()):
                close_old_connections()
                try:
                    seen(self._worker)
                except DatabaseError:
                    continue  # a database that is away for a moment: the lease is longer than that
        finally:
            connection.close()


def seen(worker: str) -> None:
    """The worker is alive now."""
    now = clock.now()
    Worker.objects.update_or_create(
        pk=worker, defaults={"seen_at": now}, create_defaults={"begun_at": now, "seen_at": now}
    )


def alive(now: datetime) -> set[str]:
    """Workers whose lease has not run out."""
    return set(Worker.objects.filter(seen_at__gt=now - LEASE).values_list("pk", flat=True))


@transaction.atomic
def take_back(now: datetime) -> int:
    """Let others do the tasks and chores that dead workers held; returns how many.

    A task that has outlived three workers probably kills them, and fails.
    """
    living = alive(now)
    taken = 0
    for task in DBTaskResult.objects.running().select_for_update(skip_locked=True):
        # One that was claimed a moment ago may belong to a worker that has not yet been seen.
        if (task.worker_ids and task.worker_ids[-1] in living) or (
            task.started_at and now - task.started_at < LEASE
        ):
            continue
        taken += 1
        if len(task.worker_ids) < ATTEMPTS:
            task.status, task.started_at = TaskResultStatus.READY, None
        else:
            task.status, task.finished_at = TaskResultStatus.FAILED, now
            task.exception_class_path = _GONE
            task.traceback = f"{len(task.worker_ids)} workers died at it"
        task.save()
    held = Chore.objects.exclude(worker="").exclude(worker__in=living)
    taken += held.update(worker="", well=False, said="the worker died", finished_at=now)
    Worker.objects.filter(seen_at__lte=now - 2 * LEASE).delete()
    return taken


class WorkersDied(Exception):
    """Every worker that began the task ended in the middle of it."""
