"""Questions about tasks for persons, which journeys gave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from joren.act.journeys import models
from joren.act.journeys.contracts import Duty, NoSuchDuty
from joren.collect.customers import selectors as customers
from joren.core.ids import CustomerId
from joren.plumbing.cursor import Slice, decode, encode


def duties(
    *, done: bool = False, journey: int | None = None, after: str = "", limit: int = 50
) -> Slice[Duty]:
    """Those that are open, the oldest first; or those that are done, the newest first."""
    rows = (
        models.Duty.objects.exclude(done_at=None)
        if done
        else models.Duty.objects.filter(done_at=None)
    )
    if journey is not None:
        rows = rows.filter(journey_id=journey)
    if after:
        (last,) = decode(after, size=1)
        rows = rows.filter(pk__lt=last) if done else rows.filter(pk__gt=last)
    found = list(rows.order_by("-pk" if done else "pk")[: limit + 1])
    shown = _told(found[:limit])
    return Slice(tuple(shown), encode(shown[-1].id) if len(found) > limit else "")


def duty(number: int) -> Duty:
    """One of them."""
    row = models.Duty.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchDuty(f"there is no task {number}", hint="joren journeys tasks")
    return _told([row])[0]


def _told(rows: Sequence[models.Duty]) -> list[Duty]:
    known = models.Journey.objects.filter(pk__in={row.journey_id for row in rows})
    names = dict(known.values_list("pk", "name"))
    now = customers.as_now(np.array([row.customer_id for row in rows], dtype=np.int64)).tolist()
    return [
        Duty(
            row.pk, row.journey_id, names.get(row.journey_id, ""), CustomerId(person), row.title,
            row.owner, row.made_at, row.done_at, row.done_by,
        )
        for row, person in zip(rows, now, strict=True)
    ]  # fmt: skip
