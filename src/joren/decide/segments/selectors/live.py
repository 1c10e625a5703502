"""Who came to the segments that are followed live, and who left: for the rooms that follow them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db.models import F, Max
from numpy.typing import NDArray

from joren.decide.segments import models
from joren.decide.segments.contracts import LiveMove

_IN_ONE_QUESTION = 20_000


def moves_since(mark: int, segment_ids: Sequence[int], limit: int = 1000) -> list[LiveMove]:
    """The moves of these segments after the one of number ``mark``, in the order they came about.

    Read on with the ``id`` of the last one and keep it in the transaction that acts on them: then
    each move is acted on once, whatever dies between. 0 is before the first.
    """
    rows = models.Move.objects.filter(pk__gt=mark, segment_id__in=list(segment_ids))
    return [
        LiveMove(
            row.pk, row.segment_id, row.customer_id, row.occurrence % 2 == 1, row.at, row.baseline
        )
        for row in rows.order_by("pk")[:limit]
    ]


def newest_mark() -> int:
    """The mark after which only what happens from now on is told."""
    return int(models.Move.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def followed_live(room: str = "") -> list[int]:
    """The segments in use that this room follows live; without a room those that any does."""
    rows = models.Followed.objects.filter(segment__archived_at=None)
    if room:
        rows = rows.filter(room=room)
    return list(rows.values_list("segment_id", flat=True).distinct().order_by("segment_id"))


def live_members(segment_id: int) -> list[int]:
    """Who belongs now to a segment that is followed live, by number."""
    customers, occurrences = standing(segment_id)
    return [int(one) for one in customers[occurrences % 2 == 1]]


def standing(
    segment_id: int, among: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Everybody who ever moved in the segment, by number, and the count of their moves."""
    if among is None or among.size > _IN_ONE_QUESTION:
        return _standing(segment_id, None)
    return _standing(segment_id, [int(one) for one in among])


def _standing(
    segment_id: int, among: list[int] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = models.Move.objects.filter(segment_id=segment_id)
    if among is not None:
        rows = rows.filter(customer_id__in=among)
    last = rows.values("customer_id").annotate(last=Max("occurrence")).order_by("customer_id")
    found = list(last.values_list(F("customer_id"), F("last")))
    whole = np.array(found, dtype=np.int64).reshape(-1, 2)
    return whole[:, 0], whole[:, 1]
