"""Questions about practices and audits."""

from __future__ import annotations

from collections.abc import Mapping

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.needed import still_needed
from joren.decide.holdouts.contracts import NoSuchHoldout
from joren.measure.experiments import selectors as experiments
from joren.measure.practices import models
from joren.measure.practices.contracts import (
    FIFTEEN,
    OWN,
    AuditStanding,
    Measured,
    NoSuchPractice,
    Practice,
    PracticeDecision,
    PracticeText,
    Scored,
    SelfAudit,
    Step,
)
from joren.measure.practices.rules.writing import standing as standing_of


def practices() -> list[Practice]:
    """The fifteen in their order, then the shop's own by name."""
    names, scores = accounts.member_names(), _scores()
    rows = {_key(row): row for row in models.Practice.objects.all()}
    own = sorted(rows.keys() - FIFTEEN.keys(), key=lambda key: rows[key].name)
    return [_read(key, rows.get(key), names, scores) for key in (*FIFTEEN, *own)]


def practice(key: str) -> Practice:
    """One of them."""
    found = next((one for one in practices() if one.key == key), None)
    if found is None:
        raise NoSuchPractice(f"there is no practice {key!r}", hint="joren practices list")
    return found


def removable(one: Practice) -> bool:
    """Is it one of the shop's own that was never begun and that no other room needs?"""
    return one.own and one.text.started_on is None and not still_needed("practice", one.key)


def measured(one: Practice) -> Measured | None:
    """What its holdout says; None where it has none, or names the lot of a trial, as was once
    possible: the trial tells that."""
    if one.text.holdout is None:
        return None
    try:
        result = experiments.result(one.text.holdout)
    except NoSuchHoldout:
        return None
    return Measured(result.evidence, result.realised, result.holdout_id, result.name)


def decisions() -> list[PracticeDecision]:
    """Every word that was decided on one, newest first."""
    return [
        PracticeDecision(row.practice, row.text, row.decided_at, row.decided_by)
        for row in models.Decision.objects.order_by("-decided_at", "-pk")
    ]


def audits() -> list[SelfAudit]:
    """All quarters, newest first."""
    return [
        SelfAudit(
            row.quarter,
            {code: Scored(**said) for code, said in row.scores.items()},
            row.held_at,
            row.held_by,
        )
        for row in models.SelfAudit.objects.order_by("-quarter")
    ]


def standing() -> AuditStanding:
    """Was this quarter's audit held, and how do the last two compare?"""
    return standing_of(audits(), today=clock.shop_day(clock.now(), accounts.business().time_zone))


def _scores() -> Mapping[str, int]:
    newest = next(iter(audits()), None)
    return {code: one.score for code, one in newest.scores.items()} if newest else {}


def _key(row: models.Practice) -> str:
    return row.code or f"{OWN}{row.pk}"


def _read(
    key: str, row: models.Practice | None, names: Mapping[int, str], scores: Mapping[str, int]
) -> Practice:
    score = scores.get(key)
    if row is None:
        return Practice(key, "", PracticeText(), "", score, None, "")
    text = PracticeText(
        owner=row.owner_id,
        steps=tuple(Step(**one) for one in row.steps),
        evidence=row.evidence,
        unit=row.unit,  # type: ignore[arg-type]  # constrained
        cost=row.cost,
        started_on=row.started_on,
        stopped_on=row.stopped_on,
        holdout=row.holdout_id,
        decision=row.decision,
    )
    owner = names.get(row.owner_id or 0, "")
    return Practice(key, row.name, text, owner, score, row.changed_at, row.changed_by)
