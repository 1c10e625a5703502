"""Make, change, freeze and put away segments; every change is a version."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import IntegrityError, transaction

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.errors import BadInput
from joren.decide.segments import models, selectors
from joren.decide.segments.contracts import (
    FROZEN,
    NoSuchSegment,
    ReviewNotAhead,
    Rule,
    RuleMeaningless,
    Segment,
    SegmentInUse,
    SegmentNameTaken,
)
from joren.decide.segments.rules import check, named, read_kept, written
from joren.decide.segments.selectors.asking import refuse_properties, refuse_unknown
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit

_LONGEST_NAME: Final = 100


@transaction.atomic
def create(
    name: str,
    rule: Rule,
    *,
    by: str,
    note: str = "",
    owner: str = "",
    review_on: date | None = None,
    why: str = "",
) -> Segment:
    """Keep a rule under a name; its members are followed from the next refresh on."""
    _one_at_a_time()
    _allowed(rule, None)
    row = models.Segment(
        name=_named(name),
        rule=written(rule),
        owner=_owned(owner or by),
        note=note.strip(),
        review_on=_ahead(review_on),
        changed_at=clock.now(),
    )
    _save(row)
    _remember(row, by, why)
    audit.record("segments.created", actor=by, subject_kind="segment", subject_id=row.pk)
    return selectors.segment(row.pk)


@transaction.atomic
def change(number: int, *, by: str, why: str = "", **changes: Any) -> Segment:
    """Change what is named of name, rule, note, owner and review_on; a changed rule is a version.

    Of a frozen segment the rule stays as it was frozen.
    """
    _one_at_a_time()
    row = _held(number)
    if unknown := sorted(changes.keys() - {"name", "rule", "note", "owner", "review_on"}):
        raise BadInput(
            f"a segment has no {unknown[0]!r}", hint="name, rule, note, owner, review_on"
        )
    before = (row.name, row.rule)
    if "rule" in changes:
        if row.membership == "frozen":
            raise SegmentInUse(f"“{row.name}” is frozen", hint="thaw it first")
        _allowed(changes["rule"], number)
        row.rule = written(changes["rule"])
    if "name" in changes:
        row.name = _named(changes["name"])
    if "owner" in changes:
        row.owner = _owned(changes["owner"])
    if "review_on" in changes and changes["review_on"] != row.review_on:
        row.review_on = _ahead(changes["review_on"])
    row.note = changes.get("note", row.note)
    renewed = (row.name, row.rule) != before
    if renewed:
        row.version += 1
        row.changed_at = clock.now()
    _save(row)
    if renewed:
        _remember(row, by, why)
    audit.record(
        "segments.changed", actor=by, subject_kind="segment", subject_id=number, why=why,
        version=row.version,
    )  # fmt: skip
    return selectors.segment(number)


@transaction.atomic
def freeze(number: int, *, by: str) -> Segment:
    """固定: from now on whoever fits today belongs, whatever happens."""
    row = _held(number)
    if row.membership == "frozen":
        return selectors.segment(number)
    house = warehouse()
    rule = read_kept(row.rule)
    row.version += 1
    ids: list[int] = []
    while found := selectors.members_of(rule, after=ids[-1] if ids else 0, limit=1_000_000):
        ids.extend(found)
    path = house.scratch / f"frozen-{uuid4().hex}.parquet"
    table = pa.table(
        {
            "segment_id": pa.array([number] * len(ids), pa.int64()),
            "version": pa.array([row.version] * len(ids), pa.int64()),
            "customer_id": pa.array(ids, pa.int64()),
        }
    )
    pq.write_table(table, path)
    try:
        house.lake.append(FROZEN, [path], key=f"segment-{number}-{row.version}-{uuid4().hex}")
    finally:
        path.unlink(missing_ok=True)
    row.membership = "frozen"
    row.frozen_on = clock.shop_day(clock.now(), business().time_zone)
    row.changed_at = clock.now()
    row.save()
    _remember(row, by, "frozen")
    audit.record(
        "segments.frozen", actor=by, subject_kind="segment", subject_id=number, members=len(ids)
    )
    return selectors.segment(number)


@transaction.atomic
def thaw(number: int, *, by: str) -> Segment:
    """Let a frozen segment follow its rule again."""
    row = _held(number)
    if row.membership == "frozen":
        row.membership, row.frozen_on = "live", None
        row.version += 1
        row.changed_at = clock.now()
        row.save()
        _remember(row, by, "live again")
        audit.record("segments.thawed", actor=by, subject_kind="segment", subject_id=number)
    return selectors.segment(number)


@transaction.atomic
def archive(number: int, *, by: str) -> Segment:
    """Put a segment away; its versions and moves stay."""
    _one_at_a_time()
    row = _held(number)
    for other in models.Segment.objects.filter(archived_at=None).exclude(pk=number):
        if number in named(read_kept(other.rule)):
            raise SegmentInUse(
                f"the segment “{other.name}” is made with “{row.name}”",
                hint=f"change or archive “{other.name}” first",
            )
    row.archived_at = clock.now()
    row.save()
    audit.record("segments.archived", actor=by, subject_kind="segment", subject_id=number)
    return selectors.segment(number)


@transaction.atomic
def restore(number: int, *, by: str) -> Segment:
    """Take an archived segment back into use."""
    _one_at_a_time()
    row = models.Segment.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchSegment(f"there is no segment {number}", hint="joren segments list")
    _allowed(read_kept(row.rule), number)
    row.archived_at = None
    _save(row)
    audit.record("segments.restored", actor=by, subject_kind="segment", subject_id=number)
    return selectors.segment(number)


def _one_at_a_time() -> None:
    """Two who change two segments at once would each see the other as it was, and make a ring."""
    list(models.Segment.objects.select_for_update().order_by("pk").values_list("pk"))


def _held(number: int) -> models.Segment:
    row = models.Segment.objects.select_for_update().filter(pk=number, archived_at=None).first()
    if row is None:
        raise NoSuchSegment(f"there is no segment {number}", hint="joren segments list")
    return row


def _named(name: str) -> str:
    name = " ".join(str(name).split())
    if not name or len(name) > _LONGEST_NAME:
        raise BadInput(
            "a segment needs a name", hint=f"at most {_LONGEST_NAME} characters, such as 休眠直前"
        )
    return name


def _owned(owner: str) -> str:
    if len(owner) > _LONGEST_NAME:
        raise BadInput(f"the owner has {len(owner)} characters", hint=f"at most {_LONGEST_NAME}")
    return owner


def _ahead(day: date | None) -> date | None:
    today = clock.shop_day(clock.now(), business().time_zone)
    if day is not None and day < today:
        raise ReviewNotAhead(f"{day} was before today, {today}", hint="a day from today on")
    return day


def _allowed(rule: Rule, own: int | None) -> None:
    """The rule means something, and names only segments that do not name this one in turn."""
    check(rule)
    refuse_properties(rule)
    refuse_unknown(rule)
    rules = {
        row.pk: named(read_kept(row.rule))
        for row in models.Segment.objects.filter(archived_at=None)
    }
    reached: set[int] = set()
    left = named(rule)
    while left:
        number = left.pop()
        if number == own:
            raise RuleMeaningless("the segment is made of itself", hint="name another segment")
        if number not in rules:
            raise RuleMeaningless(f"there is no segment {number}", hint="joren segments list")
        if number not in reached:
            reached.add(number)
            left |= rules[number]


def _save(row: models.Segment) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise SegmentNameTaken(
            f"there is a segment “{row.name}” already", hint="choose another name"
        ) from None


def _remember(row: models.Segment, by: str, why: str) -> None:
    models.SegmentVersion.objects.create(
        segment=row,
        number=row.version,
        name=row.name,
        rule=row.rule,
        changed_at=row.changed_at,
        changed_by=by,
        why=why.strip(),
    )


def members_taken(number: int, *, customers: int, by: str) -> None:
    """Write down that somebody read or took the numbers of so many of its members."""
    audit.record(
        "segments.members_taken", actor=by, subject_kind="segment", subject_id=number,
        customers=customers,
    )  # fmt: skip
