"""Questions about the segments that are kept."""

from __future__ import annotations

from functools import lru_cache

import ibis
import ibis.expr.types as ir
from pydantic import TypeAdapter

from joren.accounts.selectors import business
from joren.collect.customers.selectors import stores
from joren.collect.life_stages.selectors import stage_names
from joren.decide.segments import models
from joren.decide.segments.contracts import (
    MOVES,
    ROOM,
    Is,
    Member,
    Moved,
    NoSuchSegment,
    Rule,
    Segment,
    SegmentsReport,
    Version,
)
from joren.decide.segments.rules import Words, leaves, read_kept, sentence
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot

REPORT = "segments"


def segments(*, archived: bool = False) -> list[Segment]:
    """Those in use, by name; or those that were put away."""
    rows = models.Segment.objects.filter(archived_at__isnull=not archived)
    return [_segment(row) for row in rows.order_by("name", "pk")]


def segment(number: int) -> Segment:
    """One segment, archived or not."""
    row = models.Segment.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchSegment(f"there is no segment {number}", hint="joren segments list")
    return _segment(row)


def versions(number: int) -> list[Version]:
    """Every version of a segment's rule, newest first."""
    rows = models.SegmentVersion.objects.filter(segment_id=number).order_by("-number")
    return [
        Version(row.number, row.name, read_kept(row.rule), row.changed_at, row.changed_by, row.why)
        for row in rows
    ]


def rule_of(segment: Segment) -> Rule:
    """What to ask for the members of a segment: its rule, or what was frozen."""
    return segment.rule if segment.membership == "live" else Member(segment.id)


def asks_of(segment: Segment) -> set[str]:
    """The fields of customers that its rule rests on."""
    return {leaf.field for leaf in leaves(segment.rule) if isinstance(leaf, Is)}


def report(snapshot: Snapshot) -> SegmentsReport | None:
    """What the refresh found; None where the snapshot is older than segments."""
    return warehouse().snapshots.figure(snapshot.id, ROOM, REPORT, _reader().validate_python)


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[SegmentsReport]:
    return TypeAdapter(SegmentsReport)


def moves_of(number: int, *, after: Moved | None = None, limit: int = 100) -> list[Moved]:
    """Who came and who left lately, newest first; ``after`` one of them."""
    house = warehouse()
    mine = moves_table(number)
    if after is not None:
        same = mine.moved_on == after.moved_on
        further = (mine.customer_id > after.customer_id) | (
            (mine.customer_id == after.customer_id) & (mine.entered > after.entered)
        )
        mine = mine.filter((mine.moved_on < after.moved_on) | (same & further))
    listed = mine.order_by([ibis.desc("moved_on"), "customer_id", "entered"]).limit(limit)
    rows = house.engine.rows(listed.select("customer_id", "entered", "moved_on"))
    return [Moved(**row) for row in rows]


def moves_table(number: int) -> ir.Table:
    """MOVES of one segment as an expression: who came and who left with each refresh."""
    house = warehouse()
    # What a refresh that died has written under the next number never happened.
    dead = set(house.lake.files(MOVES, snapshot=house.snapshots.next_id()))
    files = [path for path in house.lake.files(MOVES) if path not in dead]
    kept = house.engine.files(files, MOVES)
    return kept.filter(kept.segment_id == number)


def sentences(rule: Rule) -> tuple[str, str]:
    """The rule in Japanese and in English."""
    names = dict(models.Segment.objects.values_list("pk", "name"))
    shops = {int(store.id): store.name for store in stores()}
    lives = stage_names().items()
    money = business().currency or _currency()
    return (
        sentence(rule, Words("ja", money, names, shops, {one: ja for one, (ja, _) in lives})),
        sentence(rule, Words("en", money, names, shops, {one: en for one, (_, en) in lives})),
    )


def _currency() -> str:
    newest = warehouse().snapshots.latest()
    return str(newest.settings.get("currency") or "JPY") if newest else "JPY"


def _segment(row: models.Segment) -> Segment:
    return Segment(
        id=row.pk,
        name=row.name,
        rule=read_kept(row.rule),
        membership=row.membership,  # type: ignore[arg-type]  # the constraint keeps it to the two
        owner=row.owner,
        note=row.note,
        review_on=row.review_on,
        version=row.version,
        changed_at=row.changed_at,
        frozen_on=row.frozen_on,
        archived=row.archived_at is not None,
    )
