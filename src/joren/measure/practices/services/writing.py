"""Write practices down, and hold the quarterly audit of the fifteen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db import IntegrityError, transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.measure.practices import models, selectors
from joren.measure.practices.contracts import (
    OWN,
    Practice,
    PracticeInUse,
    PracticeNameTaken,
    PracticeText,
    Scored,
    SelfAudit,
)
from joren.measure.practices.rules import writing as rules
from joren.measure.practices.services.showing import discard
from joren.protect.audit import services as audit


def add(name: str, *, by: str) -> Practice:
    """One of the shop's own, under a name."""
    said = rules.check_name(name)
    try:
        with transaction.atomic():
            row = models.Practice.objects.create(name=said, changed_at=clock.now(), changed_by=by)
    except IntegrityError:
        raise PracticeNameTaken(
            f"there is a practice “{said}” already", hint="choose another name"
        ) from None
    _told("added", by, row.pk)
    return selectors.practice(f"{OWN}{row.pk}")


@transaction.atomic
def write(key: str, text: PracticeText, *, by: str) -> Practice:
    """Say all of it anew."""
    rules.check_text(text)
    if text.owner is not None:
        accounts.member_numbered(text.owner)
    before = selectors.practice(key)  # refuses what is none
    if text.holdout is not None and text.holdout != before.text.holdout:
        holdouts.effects_holdout(text.holdout)
    rows = models.Practice.objects.select_for_update()
    if key.startswith(OWN):
        row = rows.get(pk=int(key.removeprefix(OWN)))
    else:
        row, _ = rows.get_or_create(code=key)
    if (decided := text.decision.strip()) and decided != row.decision:
        models.Decision.objects.create(
            practice=key, text=decided, decided_at=clock.now(), decided_by=by
        )
    row.owner_id, row.evidence, row.unit = text.owner, text.evidence.strip(), text.unit
    row.steps = [{"what": one.what.strip(), "done": one.done} for one in text.steps]
    row.cost, row.holdout_id, row.decision = text.cost, text.holdout, text.decision.strip()
    row.started_on, row.stopped_on = text.started_on, text.stopped_on
    row.changed_at, row.changed_by = clock.now(), by
    row.save()
    _told("written", by, row.pk)
    return selectors.practice(key)


@transaction.atomic
def remove(key: str, *, by: str) -> None:
    """One of the shop's own that was never begun and never tried, with all that shows it."""
    one = selectors.practice(key)
    if not selectors.removable(one):
        raise PracticeInUse(
            f"{key} was begun, was tried, or is one of the fifteen", hint="say when it ended"
        )
    number = int(key.removeprefix(OWN))
    discard(models.Evidence.objects.filter(practice=key).values_list("pk", flat=True))
    models.Practice.objects.filter(pk=number).delete()
    _told("removed", by, number)


@transaction.atomic
def assess(scores: Mapping[str, Scored], *, by: str) -> SelfAudit:
    """Score all fifteen for this quarter; another word in it replaces the one before."""
    rules.check_scores(scores)
    quarter = rules.quarter_of(clock.shop_day(clock.now(), accounts.business().time_zone))
    row, _ = models.SelfAudit.objects.update_or_create(
        quarter=quarter,
        defaults={
            "scores": {code: asdict(one) for code, one in scores.items()},
            "held_at": clock.now(),
            "held_by": by,
        },
    )
    total = sum(one.score for one in scores.values())
    audit.record(
        "practices.assessed", actor=by, subject_kind="practice_audit", subject_id=row.pk,
        total=total,
    )  # fmt: skip
    return next(one for one in selectors.audits() if one.quarter == quarter)


def _told(what: str, by: str, number: int) -> None:
    audit.record(f"practices.{what}", actor=by, subject_kind="practice", subject_id=number)
