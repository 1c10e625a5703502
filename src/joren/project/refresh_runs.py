"""A refresh in the background: one at a time, with its progress and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from joren.core import clock
from joren.core.errors import BadInput, JorenError, NotFound, Refused
from joren.plumbing.cursor import Slice, decode, encode
from joren.plumbing.warehouse import warehouse
from joren.project import models
from joren.project.refresh import refresh
from joren.protect.audit import services as audit


@dataclass(frozen=True)
class Run:
    """One refresh that was asked for."""

    id: int
    status: str
    step: str
    share: float
    as_of: date | None
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    seconds: float
    snapshot: int | None
    code: str
    message: str
    hint: str

    @property
    def is_open(self) -> bool:
        return self.status in ("waiting", "running")


class RefreshUnderWay(Refused):
    """Another refresh waits or runs."""


class NoSuchRefresh(NotFound):
    """No refresh has that number."""


@transaction.atomic
def ask(*, actor: str, as_of: date | None = None) -> Run:
    """Note that a refresh is wanted; whoever calls this enqueues it in the same transaction."""
    give_up_the_dead()
    try:
        with transaction.atomic():
            row = models.RefreshRun.objects.create(
                asked_at=clock.now(), asked_by=actor, as_of=as_of, status="waiting"
            )
    except IntegrityError:
        raise RefreshUnderWay(
            "a refresh is under way", hint="wait for its end; GET /refreshes tells how far it is"
        ) from None
    audit.record("refresh.asked", actor=actor, subject_kind="refresh", subject_id=row.pk)
    return _run(row)


def carry_out(run_id: int) -> None:
    """Refresh, if that run is open; a refusal stays with the run.

    A run that a dead worker left is carried out again: with the claim in hand nobody else is at it.
    """
    rows = models.RefreshRun.objects.filter(pk=run_id, open=True)
    with warehouse().journal.claim(_claim(run_id)):
        if not rows.update(status="running", begun_at=clock.now()):
            return
        row = rows.get()
        try:
            report = refresh(
                as_of=row.as_of, on_progress=lambda step, share: _tell(run_id, step, share)
            )
        except Exception as failed:
            _end(run_id, **_said(failed))
            if not isinstance(failed, JorenError):
                raise
        else:
            _end(run_id, status="done", share=1.0, snapshot=report.snapshot_id)


def give_up_the_dead() -> int:
    """Close runs whose process died; returns how many."""
    journal = warehouse().journal
    running = models.RefreshRun.objects.filter(open=True, status="running")
    dead = [pk for pk in running.values_list("pk", flat=True) if not journal.is_claimed(_claim(pk))]
    for number in dead:
        journal.forget_claim(_claim(number))
        _end(
            number,
            status="failed",
            code="Interrupted",
            message="the refresh was interrupted; the figures before it stand",
            hint="refresh again",
        )
    return len(dead)


def latest() -> Run | None:
    """The newest one."""
    row = models.RefreshRun.objects.order_by("-pk").first()
    return _run(row) if row else None


def run(run_id: int) -> Run:
    """How far that one is."""
    row = models.RefreshRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NoSuchRefresh(f"no refresh {run_id}", hint="GET /refreshes lists them")
    return _run(row)


def runs(*, after: str = "", limit: int = 50) -> Slice[Run]:
    """The newest first."""
    rows = models.RefreshRun.objects.order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=decode(after, size=1)[0])
    found = [_run(row) for row in rows[: limit + 1]]
    shown = tuple(found[:limit])
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")


def _tell(run_id: int, step: str, share: float) -> None:
    models.RefreshRun.objects.filter(pk=run_id).update(step=step, share=share)


def _end(run_id: int, **said: Any) -> None:
    models.RefreshRun.objects.filter(pk=run_id, open=True).update(
        open=False, finished_at=clock.now(), **said
    )


def _said(failed: Exception) -> dict[str, str]:
    if isinstance(failed, JorenError):
        status = "refused" if isinstance(failed, BadInput | Refused) else "failed"
        words = {"code": failed.code, "message": failed.message, "hint": failed.hint}
        return {"status": status, **words}
    return {"status": "failed", "code": type(failed).__name__, "message": str(failed)[:2000]}


def _claim(run_id: int) -> str:
    return f"refresh-{run_id}"


def _run(row: models.RefreshRun) -> Run:
    end = row.finished_at or clock.now()
    return Run(
        row.pk,
        row.status,
        row.step,
        row.share,
        row.as_of,
        row.asked_by,
        row.asked_at,
        row.begun_at,
        row.finished_at,
        round((end - row.begun_at).total_seconds(), 1) if row.begun_at else 0.0,
        row.snapshot,
        row.code,
        row.message,
        row.hint,
    )
