"""Write a strategy card, and decide at its review."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from django.db import transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.errors import BadInput
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as keeping
from joren.decide.strategies import models, selectors
from joren.decide.strategies.contracts import (
    DECISIONS,
    Card,
    Decision,
    NotADecision,
    Review,
)
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot

_FIELDS = ("purpose", "hypothesis", "kpi")


@transaction.atomic
def write_card(number: int, *, by: str, **changes: Any) -> Card:
    """Change what is named of owner (a member's number), purpose, hypothesis, kpi, review_on."""
    kept = segments.segment(number)
    if unknown := sorted(changes.keys() - {"owner", "review_on", *_FIELDS}):
        raise BadInput(
            f"a card has no {unknown[0]!r}", hint="owner, purpose, hypothesis, kpi, review_on"
        )
    row = models.Card.objects.select_for_update().filter(segment_id=number).first()
    row = row or models.Card(segment_id=number)
    of_segment: dict[str, Any] = {}
    if "owner" in changes:
        row.owner_id = changes["owner"]
        if row.owner_id is not None:
            member = accounts.member_numbered(row.owner_id)
            of_segment["owner"] = (member.name or member.email)[:100]
    for field in _FIELDS:
        if field in changes:
            setattr(row, field, str(changes[field] or "").strip())
    if len(row.kpi) > 200:
        raise BadInput(f"the KPI has {len(row.kpi)} characters", hint="at most 200")
    if "review_on" in changes and changes["review_on"] != kept.review_on:
        of_segment["review_on"] = changes["review_on"]
    row.changed_at, row.changed_by = clock.now(), by
    row.save()
    if of_segment:
        keeping.change(number, by=by, **of_segment)
    audit.record("strategies.written", actor=by, subject_kind="segment", subject_id=number)
    return selectors.card(number)


@transaction.atomic
def review(
    number: int, *, by: str, decision: Decision, note: str = "", next_on: date | None = None
) -> Review:
    """Keep, change or stop a strategy; but for a stop it says when it is looked at again."""
    kept = segments.segment(number)
    if decision not in get_args(Decision):
        raise NotADecision(f"{decision!r} decides nothing", hint=", ".join(DECISIONS))
    if next_on is None and decision != "stop":
        raise BadInput("the next review has no day", hint="2026-11-28, or decide to stop")
    if kept.review_on != next_on:
        keeping.change(number, by=by, review_on=next_on)
    outcomes = _outcomes(number)
    models.Review.objects.create(
        segment_id=number, reviewed_at=clock.now(), reviewed_by=by, decision=decision,
        note=note.strip(), next_on=next_on, members=_members(number),
        evidence=outcomes[0] if outcomes else "",
    )  # fmt: skip
    audit.record(
        "strategies.reviewed", actor=by, subject_kind="segment", subject_id=number,
        decision=decision,
    )  # fmt: skip
    return selectors.reviews(number)[0]


def _members(number: int) -> int | None:
    try:
        report = segments.report(values.snapshot())
    except NoSnapshot:
        return None
    counted = [one for one in report.segments if one.segment == number] if report else []
    return counted[0].members if counted else None


def _outcomes(number: int) -> list[str]:
    try:
        return [one.evidence for one in selectors.outcomes_of(number)]
    except NoSnapshot:
        return []
