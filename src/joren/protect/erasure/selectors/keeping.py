"""How long what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from joren.core.erasing import RETENTIONS, Retention
from joren.protect.erasure import models
from joren.protect.erasure.contracts import Kept


def retention(*, now: datetime | None = None) -> tuple[Kept, ...]:
    """Every kind; with ``now`` also how many rows are old by it, of which nothing is removed."""
    rows = {row.name: row for row in models.Rule.objects.all()}
    return tuple(_kept(name, one, rows.get(name), now) for name, one in RETENTIONS.items())


def days_of(name: str) -> int | None:
    row = models.Rule.objects.filter(pk=name).first()
    return row.days if row else RETENTIONS[name].days


def _kept(name: str, one: Retention, row: models.Rule | None, now: datetime | None) -> Kept:
    days = row.days if row else one.days
    old = None
    if now is not None and days is not None:
        old = one.count(now - timedelta(days=days))
    return Kept(
        name,
        one.label,
        one.note,
        days,
        one.days,
        one.least,
        old,
        row.last_run if row else None,
        row.last_count if row else 0,
    )
