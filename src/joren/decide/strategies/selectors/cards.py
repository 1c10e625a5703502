"""Strategy cards, their reviews, and which are overdue."""

from __future__ import annotations

from datetime import date

from joren.accounts import selectors as accounts
from joren.core.outcomes import OUTCOMES, Outcome
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import Segment
from joren.decide.strategies import models
from joren.decide.strategies.contracts import Card, Overdue, Review


def card(number: int) -> Card:
    """The card of a segment; an empty one where nobody has written it yet."""
    kept = segments.segment(number)
    return _card(
        kept, models.Card.objects.filter(segment_id=number).first(), accounts.member_names()
    )


def cards() -> list[Card]:
    """Those of all segments in use, in the order of their reviews; without a day last."""
    rows = {row.segment_id: row for row in models.Card.objects.all()}
    names = accounts.member_names()
    found = [_card(one, rows.get(one.id), names) for one in segments.segments()]
    return sorted(found, key=lambda one: (one.review_on is None, one.review_on or date.max))


def reviews(number: int) -> list[Review]:
    """Every review of a segment, newest first."""
    rows = models.Review.objects.filter(segment_id=number).order_by("-reviewed_at", "-pk")
    return [_review(row) for row in rows]


def every_review() -> list[tuple[int, Review]]:
    """Those of all segments, each with the segment's number, newest first."""
    rows = models.Review.objects.order_by("-reviewed_at", "-pk")
    return [(row.segment_id, _review(row)) for row in rows]


def overdue(today: date) -> list[Overdue]:
    """Segments in use whose day of review has passed, the longest first."""
    owners = {one.segment: one.owner_name for one in cards()}
    late = [
        Overdue(one.id, one.name, owners[one.id], one.review_on, (today - one.review_on).days)
        for one in segments.segments()
        if one.review_on is not None and one.review_on < today
    ]
    return sorted(late, key=lambda one: (-one.days, one.name))


def outcomes_of(number: int) -> list[Outcome]:
    """What holdouts say of what was done to a segment, newest first."""
    return [one for ask in OUTCOMES.values() for one in ask(number)]


def _review(row: models.Review) -> Review:
    return Review(
        row.reviewed_at, row.reviewed_by, row.decision,  # type: ignore[arg-type]  # constrained
        row.note, row.next_on, row.members, row.evidence,
    )  # fmt: skip


def _card(kept: Segment, row: models.Card | None, names: dict[int, str]) -> Card:
    if row is None:
        return Card(kept.id, None, "", "", "", "", kept.review_on)
    return Card(
        segment=kept.id,
        owner=row.owner_id if row.owner_id in names else None,
        owner_name=names.get(row.owner_id or 0, ""),
        purpose=row.purpose,
        hypothesis=row.hypothesis,
        kpi=row.kpi,
        review_on=kept.review_on,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
