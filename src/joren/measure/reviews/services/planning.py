"""Settle who decides by what, and only then open the data."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.measure.reviews import models, rules, selectors
from joren.measure.reviews.contracts import (
    MonthlyReview,
    ReviewDayTaken,
    ReviewNotOpen,
    ReviewPlan,
)
from joren.measure.reviews.services.locking import locked
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values


def plan(wanted: ReviewPlan, *, by: str) -> MonthlyReview:
    """Set a review down for a day."""
    return _kept(models.Cycle(), wanted, by, "planned")


@transaction.atomic
def replan(number: int, wanted: ReviewPlan, *, by: str) -> MonthlyReview:
    """Another day, decider or criterion, as long as nobody has seen the data."""
    row: models.Cycle = locked(models.Cycle, number, "review")
    if row.state != "preparing":
        raise ReviewNotOpen(
            "the data of this review are open: its criterion stands",
            hint="plan the next review with another one",
        )
    return _kept(row, wanted, by, "replanned")


@transaction.atomic
def open_data(number: int, *, by: str) -> MonthlyReview:
    """Fill the agenda from the newest figures, once; it stays as it is."""
    row: models.Cycle = locked(models.Cycle, number, "review")
    if row.state != "preparing":
        return selectors.review(number)
    rules.check_ready(row.criterion, row.decider_id)
    snapshot = values.snapshot()
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    row.agenda = selectors.written(selectors.agenda_now(snapshot, today=today))
    row.as_of = date.fromisoformat(str(snapshot.as_of))
    row.state, row.opened_at, row.opened_by = "open", clock.now(), by
    row.save()
    audit.record(
        "reviews.opened", actor=by, subject_kind="review", subject_id=number,
        points=len(row.agenda),
    )  # fmt: skip
    return selectors.review(number)


def _kept(row: models.Cycle, wanted: ReviewPlan, by: str, what: str) -> MonthlyReview:
    if wanted.decider is not None:
        accounts.member_numbered(wanted.decider)
    criterion = wanted.criterion.strip()
    if criterion != row.criterion:
        row.criterion_at = clock.now() if criterion else None
    row.held_on, row.decider_id, row.criterion = wanted.held_on, wanted.decider, criterion
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ReviewDayTaken(
            f"there is a review on {wanted.held_on} already", hint="choose another day"
        ) from None
    audit.record(f"reviews.{what}", actor=by, subject_kind="review", subject_id=row.pk)
    return selectors.review(row.pk)
