"""Imports whose process died: those that promised are finished, the others are told what to do."""

from __future__ import annotations

import shutil

from joren.collect.connectors import models, uploads
from joren.core import clock
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse


def claim_of(import_id: int) -> str:
    """What an import that somebody alive is at is called in the journal."""
    return f"import-{import_id}"


def interrupted_imports() -> tuple[int, ...]:
    """Imports that are open though nobody alive is at them."""
    journal = warehouse().journal
    left = models.Import.objects.filter(status__in=["reading", "applying"])
    ids = left.order_by("pk").values_list("pk", flat=True)
    return tuple(number for number in ids if not journal.is_claimed(claim_of(number)))


def recover_imports() -> None:
    """Call off what died; what came over the web waits again.

    Call with the journal's lock held, after promised work is finished.
    """
    house = warehouse()
    for row in models.Import.objects.filter(pk__in=interrupted_imports()):
        house.journal.forget_claim(claim_of(row.pk))
        shutil.rmtree(house.scratch / claim_of(row.pk), ignore_errors=True)
        if row.cancelling:
            row.status, row.finished_at = "cancelled", clock.now()
        elif row.upload and uploads.is_there(row.upload):
            row.status, row.phase, row.share, row.begun_at = "waiting", "", 0.0, None
        else:
            row.status, row.finished_at = "failed", clock.now()
            row.error_code, row.error = "Interrupted", "the import was interrupted"
            row.hint = "run it again: what is in already counts as unchanged"
        row.save()
        if row.status == "waiting":
            outbox.put("connectors.import_waits", import_id=row.pk)
