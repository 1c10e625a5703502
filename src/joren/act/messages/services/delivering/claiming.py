"""Take what is due, so that no other worker takes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from joren.act.messages import models
from joren.act.messages.contracts import Channel, Remembering
from joren.act.messages.selectors.keeping import kind_of

HELD: Final = timedelta(minutes=5)
"""Longer than a batch takes to be written; what a dead worker held is free after that."""


class Row(NamedTuple):
    """A row of the ledger that is this worker's."""

    pk: int
    errand_id: int
    version: int | None
    customer_id: int
    occurrence: int


@dataclass(frozen=True)
class Batch:
    """Rows of one errand that are this worker's until ``until``, by their numbers."""

    errand: models.Errand
    version: int | None
    rows: Sequence[Row]
    until: datetime
    kind: str
    """Of the version that is sent."""


@contextmanager
def durable() -> Iterator[None]:
    """What is committed inside outlives also the loss of power; for SQLite, which is told so."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def is_due(channel: Channel, now: datetime) -> bool:
    """Does anything wait that may leave?"""
    return _due(channel, now).exists()


def _due(channel: Channel, now: datetime) -> QuerySet[models.Send]:
    """What waits and may leave; of a channel that knows a key again also what was broken off."""
    errands = models.Errand.objects.filter(channel=channel.name, held_at=None).values("pk")
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    states = Q(state="waiting", next_at__lte=now)
    if isinstance(channel, Remembering):
        states |= Q(state="sending", next_at__lte=now, sent_at__gt=now - channel.remembers)
    return models.Send.objects.filter(states, free, errand_id__in=errands)


@transaction.atomic
def claim(channel: Channel, limit: int, now: datetime) -> list[Batch]:
    """Batches by errand and version, those that are due longest; too late is too late."""
    due = _due(channel, now).order_by("next_at", "pk").select_for_update(skip_locked=True)
    rows = [Row(*one) for one in due.values_list(*Row._fields)[:limit]]
    until = now + HELD
    models.Send.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until=until)
    errands = models.Errand.objects.select_related("template").in_bulk(
        {row.errand_id for row in rows}
    )

    def alike(row: Row) -> tuple[int, int]:
        return row.errand_id, row.version or 0

    return [
        Batch(errands[errand], version or None, list(some), until,
              kind_of(errands[errand], version))
        for (errand, version), some in groupby(sorted(rows, key=alike), alike)
    ]  # fmt: skip
