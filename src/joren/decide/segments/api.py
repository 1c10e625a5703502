"""Segments for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.collect.inbox.selectors import allowed_properties
from joren.collect.quality.contracts import Verdict
from joren.decide.segments import rules, selectors, services
from joren.decide.segments.contracts import (
    Against,
    Caution,
    Counted,
    Membership,
    Moved,
    Overlap,
    Segment,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import day_at, decode, encode, number_at, number_in
from joren.plumbing.http import FigureListing, Listing
from joren.understand.ltv import selectors as values

router = Router()


class SegmentOut(Schema):
    """A segment: its rule as JSON and as a sentence, and what the last refresh counted."""

    id: int
    name: str
    rule: dict[str, Any]
    ja: str
    en: str
    membership: Membership
    owner: str
    note: str
    review_on: date | None
    version: int
    frozen_on: date | None
    archived: bool
    counted: Counted | None


class SegmentIn(Schema):
    name: str
    rule: dict[str, Any]
    note: str = ""
    owner: str = ""
    review_on: date | None = None
    why: str = ""


class SegmentChange(Schema):
    name: str | None = None
    rule: dict[str, Any] | None = None
    note: str | None = None
    owner: str | None = None
    review_on: date | None = None
    why: str = ""


class RuleIn(Schema):
    rule: dict[str, Any]


class StepOut(Schema):
    """One rule of the funnel; ``cautions`` say what the data are not good enough for, and why."""

    rule: dict[str, Any]
    ja: str
    en: str
    alone: int
    left: int
    cautions: list[Caution]


class PreviewOut(Schema):
    customers: int
    of: int
    ja: str
    en: str
    steps: list[StepOut]
    examples: list[int]


class BesideOut(Schema):
    """What a rule's customers are worth beside all others, and which segments they are in."""

    value: list[Against]
    overlaps: list[Overlap]
    verdicts: list[Verdict]


class VersionOut(Schema):
    number: int
    name: str
    rule: dict[str, Any]
    changed_at: Any
    changed_by: str
    why: str


class FieldOut(Schema):
    name: str
    of: str
    ja: str
    en: str
    type: str
    ops: list[str]
    choices: dict[str, list[str]]


class LanguageOut(Schema):
    """What rules may be made of: the JSON schema, and every field with what may be asked of it.

    ``events`` are names of the usual events and of those that were heard, ``properties`` what they
    may carry: asked for as ``property:NAME``, or ``number:NAME``.
    """

    rule_schema: dict[str, Any]
    fields: list[FieldOut]
    events: list[str]
    properties: list[str]


@router.get("/segments", response=Listing[SegmentOut])
def segments(request: HttpRequest, archived: bool = False) -> Any:
    """The segments in use, by name; or those that were put away."""
    counted = _counted()
    return [_shown(one, counted.get(one.id)) for one in selectors.segments(archived=archived)]


@router.post("/segments", response={201: SegmentOut}, auth=Scope("treat"))
def create(request: HttpRequest, body: SegmentIn) -> Any:
    """Keep a rule under a name."""
    made = services.create(
        body.name, rules.read(body.rule), by=caller(request).name, note=body.note,
        owner=body.owner, review_on=body.review_on, why=body.why,
    )  # fmt: skip
    return Status(201, _shown(made, None))


@router.get("/segments/language", response=LanguageOut)
def language(request: HttpRequest) -> Any:
    """What rules are made of."""
    known = [
        *(("customer", name, field) for name, field in rules.FIELDS.items()),
        *(("purchase", name, field) for name, field in rules.OF_PURCHASES.items()),
        *(("line", name, field) for name, field in rules.OF_LINES.items()),
        *(("measure", name, field) for name, field in rules.MEASURES.items()),
        *(("event", name, field) for name, field in rules.OF_EVENTS.items()),
        *(("happening", name, field) for name, field in rules.HAPPENINGS.items()),
    ]
    return {
        "rule_schema": rules.schema(),
        "events": list(dict.fromkeys([*rules.EVENT_WORDS, *selectors.heard_events()])),
        "properties": sorted(allowed_properties()),
        "fields": [
            {
                "name": name, "of": of, "ja": field.ja, "en": field.en, "type": field.type,
                "ops": list(rules.ops_of(field)),
                "choices": {code: list(words) for code, words in field.choices.items()},
            }
            for of, name, field in known
        ],
    }  # fmt: skip


class PickableOut(Schema):
    """A value that the facts have; ``name`` is what the catalogue calls it, of products."""

    value: str
    name: str
    rows: int


@router.get("/segments/values", response=Listing[PickableOut], auth=Scope("treat"))
def pickable(
    request: HttpRequest, field: str, of: str = "customer", q: str = "", limit: int = 50
) -> Any:
    """The values that a text of a rule can have, the most frequent first."""
    return selectors.pickable(of, field, q, limit=max(1, min(limit, 1000)))


@router.post("/segments/preview", response=PreviewOut, auth=Scope("treat"))
def preview(request: HttpRequest, body: RuleIn) -> Any:
    """Whom a rule fits now, rule by rule, and some of them."""
    found = selectors.preview(rules.read(body.rule))
    steps = [
        {
            "rule": rules.written(one.rule), "ja": one.ja, "en": one.en, "alone": one.alone,
            "left": one.left, "cautions": list(one.cautions),
        }
        for one in found.steps
    ]  # fmt: skip
    return {
        "customers": found.customers, "of": found.of, "ja": found.ja, "en": found.en,
        "steps": steps, "examples": list(found.examples),
    }  # fmt: skip


@router.post("/segments/compare", response=BesideOut, auth=Scope("treat"))
def compare(request: HttpRequest, body: RuleIn) -> Any:
    """What a rule's customers are worth, and where else they belong, without keeping it."""
    rule = rules.read(body.rule)
    selectors.refuse_unknown(rule)
    return {
        "value": selectors.against_rest(rule), "overlaps": selectors.overlaps(rule),
        "verdicts": selectors.worth_rests_on(),
    }  # fmt: skip


@router.get("/segments/{number}", response=SegmentOut)
def segment(request: HttpRequest, number: int) -> Any:
    """One segment."""
    return _shown(selectors.segment(number), _counted().get(number))


@router.patch("/segments/{number}", response=SegmentOut, auth=Scope("treat"))
def change(request: HttpRequest, number: int, body: SegmentChange) -> Any:
    """Change what is named; the rest stays."""
    sent = body.dict(exclude_unset=True)
    changes = {name: one for name, one in sent.items() if one is not None or name == "review_on"}
    why = changes.pop("why", "")
    if "rule" in changes:
        changes["rule"] = rules.read(changes["rule"])
    changed = services.change(number, by=caller(request).name, why=why, **changes)
    return _shown(changed, _counted().get(number))


@router.delete("/segments/{number}", response=SegmentOut, auth=Scope("treat"))
def archive(request: HttpRequest, number: int) -> Any:
    """Put it away; it can be restored."""
    return _shown(services.archive(number, by=caller(request).name), None)


@router.post("/segments/{number}/restore", response=SegmentOut, auth=Scope("treat"))
def restore(request: HttpRequest, number: int) -> Any:
    """Take it back into use."""
    return _shown(services.restore(number, by=caller(request).name), None)


@router.post("/segments/{number}/freeze", response=SegmentOut, auth=Scope("treat"))
def freeze(request: HttpRequest, number: int) -> Any:
    """Keep whoever fits now as its members."""
    return _shown(services.freeze(number, by=caller(request).name), _counted().get(number))


@router.post("/segments/{number}/thaw", response=SegmentOut, auth=Scope("treat"))
def thaw(request: HttpRequest, number: int) -> Any:
    """Let it follow its rule again."""
    return _shown(services.thaw(number, by=caller(request).name), _counted().get(number))


@router.get("/segments/{number}/members", response=Listing[int])
def members(request: HttpRequest, number: int, after: str = "", limit: int = 1000) -> Any:
    """The numbers of the customers who belong now."""
    limit = max(1, min(limit, 10_000))
    rule = selectors.rule_of(selectors.segment(number))
    found = selectors.members_of(rule, after=number_in(after), limit=limit)
    services.members_taken(number, customers=len(found), by=caller(request).name)
    return {"items": found, "next": encode(found[-1]) if len(found) == limit else ""}


@router.get("/segments/{number}/moves", response=Listing[Moved])
def moves(request: HttpRequest, number: int, after: str = "", limit: int = 100) -> Any:
    """Who came and who left, newest first."""
    selectors.segment(number)
    limit = max(1, min(limit, 1000))
    found = selectors.moves_of(number, after=_move_at(after), limit=limit + 1)
    end = found[:limit][-1] if len(found) > limit else None
    onward = encode(end.moved_on.isoformat(), end.customer_id, int(end.entered)) if end else ""
    return {"items": found[:limit], "next": onward}


def _move_at(cursor: str) -> Moved | None:
    if not cursor:
        return None
    day, customer, entered = decode(cursor, size=3)
    return Moved(number_at(cursor, customer), bool(entered), day_at(cursor, day))


@router.get("/segments/{number}/versions", response=Listing[VersionOut])
def versions(request: HttpRequest, number: int) -> Any:
    """Every version of its rule, newest first."""
    selectors.segment(number)
    return [
        {
            "number": one.number, "name": one.name, "rule": rules.written(one.rule),
            "changed_at": one.changed_at, "changed_by": one.changed_by, "why": one.why,
        }
        for one in selectors.versions(number)
    ]  # fmt: skip


@router.get("/segments/{number}/value", response=FigureListing[Against, Verdict])
def value(request: HttpRequest, number: int) -> Any:
    """What its customers were and may be worth, beside all others."""
    found = selectors.against_rest(selectors.rule_of(selectors.segment(number)))
    return {"items": found, "next": "", "verdicts": selectors.worth_rests_on()}


@router.get("/segments/{number}/overlaps", response=Listing[Overlap])
def overlaps(request: HttpRequest, number: int) -> Any:
    """How many of its members are in each of the other segments."""
    rule = selectors.rule_of(selectors.segment(number))
    return selectors.overlaps(rule, without=number)


@router.get("/segments/{number}/cautions", response=Listing[Caution])
def cautions(request: HttpRequest, number: int) -> Any:
    """What the data are not good enough for of what its rule rests on: to read before sending."""
    return selectors.cautions_of(selectors.segment(number).rule)


def _counted() -> dict[int, Counted]:
    report = selectors.report(values.snapshot())
    return {one.segment: one for one in report.segments} if report else {}


def _shown(one: Segment, counted: Counted | None) -> dict[str, Any]:
    ja, en = selectors.sentences(one.rule)
    return {
        "id": one.id, "name": one.name, "rule": rules.written(one.rule), "ja": ja, "en": en,
        "membership": one.membership, "owner": one.owner, "note": one.note,
        "review_on": one.review_on, "version": one.version, "frozen_on": one.frozen_on,
        "archived": one.archived, "counted": counted,
    }  # fmt: skip
