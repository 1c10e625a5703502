"""Questions about mails to confirm by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from joren.act.confirmations import contracts, models
from joren.act.confirmations.contracts import State
from joren.protect.consent import selectors as consents


def mailings(*, before: int = 0, limit: int = 50) -> tuple[contracts.Mailing, ...]:
    """The newest first, below a number where one is given."""
    rows = models.Mailing.objects.order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    return _read(rows[:limit])


def mailings_of(customer: int) -> tuple[contracts.Mailing, ...]:
    """All of one person, newest first."""
    theirs = consents.circle_of(consents.person_now(customer))
    return _read(models.Mailing.objects.filter(customer_id__in=theirs).order_by("-pk"))


def first_mails_since(moment: datetime) -> int:
    """How many requests got their first mail since then."""
    rows = models.Mailing.objects.filter(number=1, asked_at__gt=moment)
    return rows.exclude(state="held_back").count()


def template() -> int | None:
    """The number of the template that is sent; None before the first mail."""
    row = models.Mark.objects.filter(pk=1).first()
    return row.template_id if row else None


def _read(rows: Iterable[models.Mailing]) -> tuple[contracts.Mailing, ...]:
    found = list(rows)
    confirmed = consents.confirmed_at([row.request for row in found])
    return tuple(
        contracts.Mailing(
            row.pk,
            row.request,
            row.customer_id,
            row.number,
            row.language,
            row.asked_at,
            cast("State", row.state),
            confirmed.get(row.request),
        )
        for row in found
    )
