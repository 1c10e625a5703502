"""Who is to be mailed a review on its day: each member once, and again while it fails.

A mail is claimed for a while in a transaction of its own, then sent, then written down; a worker
that dies in between leaves it to the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from joren.core import clock
from joren.measure.reviews import models, selectors
from joren.measure.reviews.contracts import ReviewMail

_AGAIN: Final = timedelta(minutes=15)
_MOST: Final = 12
"""Attempts: a review is of use on its day, so it is given up after three hours."""


@transaction.atomic
def put_mails(number: int, *, members: Iterable[int], on: date) -> int:
    """Put a mail down for each member, once for a review, however many ask at a time; returns how
    many were put down."""
    if not models.Cycle.objects.filter(pk=number, mailed_on=None).update(mailed_on=on):
        return 0
    rows = [
        models.ReviewMail(cycle_id=number, member_id=each, next_at=clock.now())
        for each in dict.fromkeys(members)
    ]
    return len(models.ReviewMail.objects.bulk_create(rows))


@transaction.atomic
def claim_mail() -> ReviewMail | None:
    """The next one that is due, which nobody else gets for a while; None: none is."""
    if not selectors.mail_is_due():  # asked first without a lock, of which SQLite has one
        return None
    now = clock.now()
    due = models.ReviewMail.objects.filter(state="waiting", next_at__lte=now)
    due.filter(attempts__gte=_MOST).update(state="failed")
    row = due.select_for_update(skip_locked=True).order_by("next_at", "pk").first()
    if row is None:
        return None
    row.attempts, row.next_at = row.attempts + 1, now + _AGAIN
    row.save(update_fields=["attempts", "next_at"])
    return ReviewMail(row.pk, row.cycle_id, row.member_id)


def note_mailed(number: int) -> None:
    """It left."""
    models.ReviewMail.objects.filter(pk=number).update(state="done")
