"""Hand letters to a printer: each once, unless it is asked for again by its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import PrintedLetter
from joren.act.messages.opening import opened
from joren.act.messages.services.sealing import seal_open
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.protect.audit import services as audit

LETTERS_KEPT: Final = timedelta(days=30)


@transaction.atomic
def print_letters(*, by: str, printed_on: date | None = None) -> list[PrintedLetter]:
    """Those that no printer has had yet; or again those that had their turn on that day."""
    now = clock.now()
    if printed_on is None:
        rows = list(
            models.Letter.objects.select_for_update().filter(printed_at=None).order_by("pk")
        )
        numbers = [row.pk for row in rows]
        models.Letter.objects.filter(pk__in=numbers).update(printed_at=now)
    else:
        with timezone.override(clock.zone(business().time_zone)):
            rows = list(models.Letter.objects.filter(printed_at__date=printed_on).order_by("pk"))
    who = people.customers_among([row.customer_id for row in rows if row.customer_id is not None])
    audit.record(
        "messages.letters_printed", actor=by, subject_kind="letters", count=len(rows)
    )  # fmt: skip
    return [
        PrintedLetter(
            row.pk,
            row.customer_id,
            told.recipient,
            one.postal_code if (one := who.get(row.customer_id or 0)) else "",
            one.prefecture if one else "",
            one.city if one else "",
            one.street if one else "",
            one.building if one else "",
            told.subject,
            told.text,
        )
        for row, told in zip(rows, opened(rows), strict=True)
    ]


def sweep_letters(now: datetime) -> int:
    """Forget what was printed long ago, and seal what lay open before messages were sealed."""
    seal_open()
    gone, _ = models.Letter.objects.filter(printed_at__lt=now - LETTERS_KEPT).delete()
    return gone
