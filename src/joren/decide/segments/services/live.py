"""Segments that other rooms follow live: who came and who left, durably and once.

A room that waits for somebody to enter a segment says so with ``follow_live`` and reads
``selectors.moves_since``. A look compares who belongs with the moves that are written, and writes
what is missing as moves. So a look that dies is made good by the next, and none is told twice.

Whoever looks claims it first, and each transaction that writes holds the one row of ``Look`` and
asks whether the claim is still its own: of two that look at once the later one alone writes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from uuid import uuid4

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from joren.core import clock
from joren.core.errors import JorenError
from joren.decide.segments import models, selectors
from joren.decide.segments.contracts import Looked, NotReady, Segment
from joren.decide.segments.selectors import live
from joren.decide.segments.selectors.asking import Asking
from joren.plumbing.warehouse import warehouse

ROWS_AT_ONCE = 5_000
_log = logging.getLogger(__name__)
Ids = NDArray[np.int64]


class _Overtaken(Exception):
    """Somebody else has begun to look since."""


def follow_live(segment_id: int, *, by: str) -> None:
    """The room ``by`` follows the segment from now on; saying it again changes nothing.

    Whoever belongs at the first look is told as ``baseline``. Where another room follows it already
    there is no first look more: ``selectors.live_members`` says who belongs.
    """
    selectors.segment(segment_id)
    other = models.Followed.objects.filter(segment_id=segment_id).exclude(room=by).first()
    asked = {"version": other.version, "snapshot": other.snapshot} if other else {}
    models.Followed.objects.get_or_create(
        segment_id=segment_id, room=by, defaults={"since": clock.now(), **asked}
    )


def unfollow_live(segment_id: int, *, by: str) -> None:
    """The room follows it no longer; the moves that were told stay."""
    models.Followed.objects.filter(segment_id=segment_id, room=by).delete()


def look_live() -> Looked | None:
    """Write who came to the followed segments and who left; None where there is nothing to ask."""
    followed = live.followed_live()
    snapshot = warehouse().snapshots.latest()
    if not followed or snapshot is None:
        return None
    try:
        asking = Asking(snapshot)
    except NotReady:
        return None
    claim = _claimed()
    entered = left = 0
    failed = []
    kept = {one.id: one for one in selectors.segments()}
    try:
        for number in followed:
            try:
                belong = asking.people[asking.fits(selectors.rule_of(kept[number]))]
            except JorenError as refused:  # it keeps the members it had
                _log.warning("segment %s cannot be asked: %s", number, refused.message)
                failed.append(number)
                continue
            came, gone = _tell(kept[number], belong, snapshot.id, claim)
            entered, left = entered + came, left + gone
    except _Overtaken:
        return None
    return Looked(len(followed), int(asking.people.size), entered, left, tuple(failed))


def _claimed() -> str:
    claim = uuid4().hex
    with transaction.atomic():
        models.Look.objects.get_or_create(pk=1)
        models.Look.objects.filter(pk=1).update(claim=claim)
    return claim


def _tell(segment: Segment, belong: Ids, snapshot: int, claim: str) -> tuple[int, int]:
    """Write the moves that are missing, so that those who belong are these; returns how many."""
    customers, counts = live.standing(segment.id)
    inside = customers[counts % 2 == 1]
    told = dict(zip(customers.tolist(), counts.tolist(), strict=True))
    came, gone = np.setdiff1d(belong, inside), np.setdiff1d(inside, belong)
    baseline = models.Followed.objects.filter(segment_id=segment.id).exclude(
        version=segment.version
    )
    first = baseline.exists()
    moved = np.concatenate([came, gone])
    for start in range(0, moved.size, ROWS_AT_ONCE):
        _write(segment.id, moved[start : start + ROWS_AT_ONCE], told, claim, baseline=first)
    models.Followed.objects.filter(segment_id=segment.id).update(
        version=segment.version, snapshot=snapshot
    )
    return int(came.size), int(gone.size)


def _write(
    segment_id: int, moved: Ids, told: Mapping[int, int], claim: str, *, baseline: bool
) -> None:
    now = clock.now()
    with transaction.atomic():
        if models.Look.objects.select_for_update().get(pk=1).claim != claim:
            raise _Overtaken
        models.Move.objects.bulk_create(
            models.Move(
                segment_id=segment_id, customer_id=one, occurrence=told.get(one, 0) + 1,
                at=now, baseline=baseline,
            )
            for one in moved.tolist()
        )  # fmt: skip
