"""Say that a task which a journey gave to somebody of the shop is done."""

from __future__ import annotations

from django.db import transaction

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import Duty
from joren.core import clock
from joren.protect.audit import services as audit


@transaction.atomic
def finish_duty(number: int, *, by: str) -> Duty:
    """It is done; said again, it stays with whoever said it first."""
    selectors.duty(number)
    open_one = models.Duty.objects.filter(pk=number, done_at=None)
    if open_one.update(done_at=clock.now(), done_by=by[:100]):
        audit.record("journeys.task_done", actor=by, subject_kind="task", subject_id=number)
    return selectors.duty(number)
