"""Messages that nobody could read: try them again, or give them up."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import router, transaction
from django.db.models import Max, QuerySet

from joren.collect.inbox import models
from joren.collect.inbox.selectors.bodies import closed, opened
from joren.core import clock
from joren.protect.audit import services as audit

UNREAD_KEPT: Final = timedelta(days=90)
DRAINS_KEPT: Final = timedelta(days=35)
_AT_ONCE: Final = 500


def retry_unread(*, actor: str) -> int:
    """Put all that wait now back into the inbox as they came; returns how many."""
    using = router.db_for_write(models.Batch)
    waiting = models.UnreadMessage.objects.using(using)
    last = waiting.aggregate(last=Max("pk"))["last"] or 0  # what cannot be read comes again, behind
    done = 0
    while some := _put_back(waiting.filter(pk__lte=last), using):
        done += some
    audit.record(
        "inbox.unread_retried", actor=actor, subject_kind="inbox", subject_id="", messages=done
    )
    return done


def _put_back(waiting: QuerySet[models.UnreadMessage], using: str) -> int:
    """The first of them; returns how many. Whoever is erased meanwhile is not brought back."""
    with transaction.atomic(using=using):
        rows = list(waiting.select_for_update().order_by("pk")[:_AT_ONCE])
        batches = [_alone(row, message) for row, message in opened(rows)]
        models.Batch.objects.using(using).bulk_create(batches)
        waiting.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _alone(row: models.UnreadMessage, message: bytes) -> models.Batch:
    sealed, body = closed(row.key_id, row.received_at, b"[" + message + b"]")
    return models.Batch(
        key_id=row.key_id,
        received_at=row.received_at,
        sent_at=row.sent_at,
        messages=1,
        sealed=sealed,
        body=body,
    )


def drop_unread(*, actor: str) -> int:
    """Give all of them up; returns how many."""
    done, _ = models.UnreadMessage.objects.all().delete()
    audit.record(
        "inbox.unread_dropped", actor=actor, subject_kind="inbox", subject_id="", messages=done
    )
    return done


def sweep() -> int:
    """Forget what waited for too long, and micro-batches of long ago; returns how many messages.

    What an older version left open is sealed.
    """
    _seal_open()
    now = clock.now()
    limit = round((now - UNREAD_KEPT).timestamp() * 1_000_000)
    gone, _ = models.UnreadMessage.objects.filter(received_at__lt=limit).delete()
    models.Drain.objects.filter(at__lt=now - DRAINS_KEPT).delete()
    return gone


def _seal_open() -> None:
    for row, message in opened(models.UnreadMessage.objects.filter(sealed="").iterator(_AT_ONCE)):
        sealed, body = closed(row.key_id, row.received_at, message)
        models.UnreadMessage.objects.filter(pk=row.pk).update(sealed=sealed, message=body)
