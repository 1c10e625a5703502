"""What a review comes to: decisions, actions, and a month later what they did."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.measure.indicators.contracts import Part
from joren.measure.reviews import models, rules, selectors
from joren.measure.reviews.contracts import (
    Decision,
    MonthlyReview,
    ReviewAction,
    ReviewNotOpen,
    Tuning,
    Verdict,
)
from joren.measure.reviews.services.locking import locked
from joren.plumbing import outbox
from joren.protect.audit import services as audit


@transaction.atomic
def decide(
    number: int,
    *,
    part: Part,
    decision: Decision,
    about: str,
    reason: str = "",
    expected: str = "",
    holdout: int | None = None,
    by: str,
) -> Tuning:
    """Write a decision down."""
    _opened(number)
    rules.check_tuning(part, decision, about)
    if holdout is not None:
        holdouts.effects_holdout(holdout)
    row = models.Tuning.objects.create(
        cycle_id=number, part=part, decision=decision, about=about.strip(), reason=reason.strip(),
        expected=expected.strip(), holdout_id=holdout, decided_at=clock.now(), decided_by=by,
    )  # fmt: skip
    _told("decided", by, number, tuning=row.pk)
    return selectors.tuning_of(row)


@transaction.atomic
def add_action(
    number: int, *, what: str, due_on: date, owner: int | None = None, by: str
) -> ReviewAction:
    """Somebody will do something until a day."""
    _opened(number)
    rules.check_action(what)
    if owner is not None:
        accounts.member_numbered(owner)
    row = models.Action.objects.create(
        cycle_id=number, what=what.strip(), owner_id=owner, due_on=due_on
    )
    _told("action_added", by, number, action=row.pk)
    return selectors.action_of(row)


@transaction.atomic
def note(number: int, notes: str, *, by: str) -> MonthlyReview:
    """Keep the minutes; they may be mended until the review is closed."""
    row = _opened(number)
    row.notes = notes.strip()
    row.save(update_fields=["notes"])
    _told("noted", by, number)
    return selectors.review(number)


@transaction.atomic
def close(number: int, *, by: str) -> MonthlyReview:
    """The review was held. What was decided stands from now on."""
    row: models.Cycle = locked(models.Cycle, number, "review")
    if row.state == "closed":
        return selectors.review(number)
    _opened(number)
    cycle = selectors.review(number)
    rules.check_closing(cycle.tunings, row.notes)
    row.state, row.closed_at, row.closed_by = "closed", clock.now(), by
    row.save(update_fields=["state", "closed_at", "closed_by"])
    outbox.put(
        "reviews.closed", review=number, held_on=str(row.held_on), tunings=len(cycle.tunings),
        actions=len(cycle.actions),
    )  # fmt: skip
    _told("closed", by, number)
    return selectors.review(number)


@transaction.atomic
def judge(tuning: int, *, verdict: Verdict, outcome: str = "", by: str) -> Tuning:
    """Say what came of a decision whose review is over; a later word replaces an earlier one, the
    audit keeps both."""
    rules.check_verdict(verdict)
    row: models.Tuning = locked(models.Tuning, tuning, "decision")
    if row.cycle.state != "closed":
        raise ReviewNotOpen(
            "the review that decided it is not closed yet", hint="judge it in the next one"
        )
    row.verdict, row.outcome = verdict, outcome.strip()
    row.judged_at, row.judged_by = clock.now(), by
    row.save(update_fields=["verdict", "outcome", "judged_at", "judged_by"])
    _told("judged", by, row.cycle_id, tuning=tuning, verdict=verdict)
    return selectors.tuning_of(row)


@transaction.atomic
def finish(action: int, *, done: bool = True, by: str) -> ReviewAction:
    """It is done, or after all it is not."""
    row: models.Action = locked(models.Action, action, "action")
    row.done_at, row.done_by = (clock.now(), by) if done else (None, "")
    row.save(update_fields=["done_at", "done_by"])
    _told("action_done" if done else "action_reopened", by, row.cycle_id, action=action)
    return selectors.action_of(row)


def _opened(number: int) -> models.Cycle:
    row: models.Cycle = locked(models.Cycle, number, "review")
    if row.state == "preparing":
        raise ReviewNotOpen("the data of this review are not open yet", hint="open them first")
    if row.state == "closed":
        raise ReviewNotOpen("this review was closed", hint="decide it in the next one")
    return row


def _told(what: str, by: str, review: int, **more: int | str) -> None:
    audit.record(f"reviews.{what}", actor=by, subject_kind="review", subject_id=review, **more)
