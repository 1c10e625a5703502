"""Segments that other rooms follow live: who came and who left, durably and once.

A room that waits for somebody to enter a segment says so with ``follow_live`` and reads
``selectors.moves_since``. A look asks the rules anew for the customers who were touched since the
last one (orders, refunds, events, consents, profiles, merges), compares who belongs with the moves
that are written, and writes what is missing. So a look that dies is made good by the next, and none
is told twice. After each refresh, and when a rule has changed, everybody is asked: of the snapshot,
and those touched since it was read as they are now.

Live are conditions on what was bought and done, on profile, consents and birthday, and other
segments as far as they are made of such. Conditions on values and ranks (``stage``, ``decile``,
``p_alive``, ``last_on`` …) are as of the newest refresh and move with it alone; so does, for
whoever was not touched, what the passing of days changes.

Whoever looks claims it first, and each transaction that writes holds the one row of ``Look`` and
asks whether the claim is still its own: of two that look at once the later one alone writes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import ibis.expr.types as ir
import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.errors import JorenError
from joren.decide.segments import models, selectors
from joren.decide.segments.contracts import ROOM, Looked, NotReady, Segment
from joren.decide.segments.rules import Sources, customers
from joren.decide.segments.selectors import live
from joren.decide.segments.selectors.asking import Asking
from joren.decide.segments.selectors.sources import failing_alone
from joren.decide.segments.services import touching
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot, Warehouse

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


def look_live(*, today: date | None = None) -> Looked | None:
    """Write who came to the followed segments and who left; None where there is nothing to ask."""
    house = warehouse()
    followed, snapshot = live.followed_live(), house.snapshots.latest()
    if not followed or snapshot is None:
        return None
    try:
        asking = Asking(snapshot)
    except NotReady:
        return None
    today = today or clock.shop_day(clock.now(), business().time_zone)
    claim, before = _claimed()
    kept = [one for one in selectors.segments() if one.id in followed]
    whole = _to_be_asked_whole(kept, snapshot)
    now = touching.files_now(house)
    same = before.get("snapshot") == snapshot.id and not whole
    # Who differed is remembered over a refresh too: some became what they were before it.
    earlier = {touching.PEOPLE: before.get(touching.PEOPLE, [])}
    read = before if same else {**_read_by(snapshot), **earlier}
    with house.embedded.session() as holding:
        touched = touching.touched_since(read, house, holding, snapshot)
        asked = kept if touched.count or whole else []  # of nobody: orders and events stay unread
        try:
            told: list[tuple[int, int] | None] = []
            if asked:
                sources = touching.sources_for(touched, house, holding, snapshot, today)
                found = _Found(asking, sources, _ids(house, touched.customers), whole)
                told = [_told(one, found, claim) for one in asked]
            _finished(claim, {**now, touching.PEOPLE: touched.differing, "snapshot": snapshot.id})
        except _Overtaken:
            return None
    failed = tuple(one.id for one, moves in zip(asked, told, strict=True) if moves is None)
    moves = [one for one in told if one is not None]
    entered, left = sum(came for came, _ in moves), sum(gone for _, gone in moves)
    return Looked(len(kept), touched.count, entered, left, failed)


@dataclass(frozen=True)
class _Found:
    """What one look asks with: the snapshot for everybody, live sources for ``touched``."""

    asking: Asking
    sources: Sources
    touched: Ids
    whole: frozenset[int]

    def belong(self, segment: Segment) -> Ids:
        """Who belongs, of everybody or of the touched."""
        rule = selectors.rule_of(segment)
        with failing_alone():
            inside = _ids(self.asking.house, customers(rule, self.sources))
        if segment.id not in self.whole:
            return inside
        rest = self.asking.people[self.asking.fits(rule)]
        return np.union1d(np.setdiff1d(rest, self.touched), inside)


def _told(segment: Segment, found: _Found, claim: str) -> tuple[int, int] | None:
    """Write its moves; None where the rule cannot be asked, and it keeps the members it had."""
    try:
        belong = found.belong(segment)
    except JorenError as refused:
        _log.warning("segment %s cannot be asked: %s", segment.id, refused.message)
        models.Followed.objects.filter(segment_id=segment.id).update(snapshot=0)
        return None
    whole = segment.id in found.whole
    return _tell(segment, belong, None if whole else found.touched, found.asking.snapshot.id, claim)


def _ids(house: Warehouse, customers: ir.Table) -> Ids:
    column = house.embedded.arrow(customers.select("customer_id"))["customer_id"]
    return np.sort(column.to_numpy().astype(np.int64))


def _read_by(snapshot: Snapshot) -> touching.Read:
    """What the refresh had read; older ones do not say, and all counts as new."""
    house = warehouse().snapshots
    return house.figure(snapshot.id, ROOM, touching.READ, dict[str, list[str]]) or {}


def _to_be_asked_whole(kept: Sequence[Segment], snapshot: Snapshot) -> frozenset[int]:
    """Those followed since the last look, whose rule has changed, or of an older refresh."""
    done = {
        (row.segment_id, row.version)
        for row in models.Followed.objects.filter(snapshot=snapshot.id)
    }
    return frozenset(one.id for one in kept if (one.id, one.version) not in done)


def _claimed() -> tuple[str, dict[str, Any]]:
    """Claim the look; returns the claim and what the last one had read."""
    claim = uuid4().hex
    with transaction.atomic():
        models.Look.objects.get_or_create(pk=1)
        row = models.Look.objects.select_for_update().get(pk=1)
        row.claim = claim
        row.save()
    return claim, row.read


def _finished(claim: str, read: Mapping[str, Any]) -> None:
    with transaction.atomic():
        row = models.Look.objects.select_for_update().get(pk=1)
        if row.claim != claim:
            raise _Overtaken
        row.read, row.at = read, clock.now()
        row.save()


def _tell(
    segment: Segment, belong: Ids, among: Ids | None, snapshot: int, claim: str
) -> tuple[int, int]:
    """Write the moves that are missing, so that of ``among`` those belong; returns how many."""
    customers, counts = live.standing(segment.id, among)
    told = dict(zip(customers.tolist(), counts.tolist(), strict=True))
    inside = customers[counts % 2 == 1]
    if among is not None:
        inside = np.intersect1d(inside, among)
    came, gone = np.setdiff1d(belong, inside), np.setdiff1d(inside, belong)
    followed = models.Followed.objects.filter(segment_id=segment.id)
    first = followed.exclude(version=segment.version).exists()
    moved = np.concatenate([came, gone])
    for start in range(0, moved.size, ROWS_AT_ONCE):
        _write(segment.id, moved[start : start + ROWS_AT_ONCE], told, claim, baseline=first)
    followed.update(version=segment.version, snapshot=snapshot)
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
