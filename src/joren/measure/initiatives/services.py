"""Write initiatives down, say what they cost, and set their baselines anew."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.measure.initiatives import models, rules, selectors
from joren.measure.initiatives.contracts import (
    QUARTER_WEEKS,
    BadInitiative,
    ChangeOf,
    DayCount,
    Initiative,
    InitiativeNameTaken,
    InitiativeText,
    LatePoint,
    NoBaselineYet,
    NoSuchInitiative,
    Why,
)
from joren.measure.practices import selectors as practices
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.science.before_after import FEWEST, mean_of
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

_log = logging.getLogger(__name__)

BY_ITSELF: Final = "joren"


def add(text: InitiativeText, *, by: str) -> Initiative:
    """Begin one; its first baseline is set at once where there are figures."""
    return _write(None, text, by=by)


def write(number: int, text: InitiativeText, *, by: str, why: str = "") -> Initiative:
    """Say all of it anew. With another beginning or metric the baselines are set anew too."""
    return _write(number, text, by=by, why=why)


def _write(number: int | None, text: InitiativeText, *, by: str, why: str = "") -> Initiative:
    said, because = rules.check(text, today=_today()), rules.check_why(why)
    if said.owner is not None:
        accounts.member_numbered(said.owner)
    if said.holdout is not None:
        holdouts.effects_holdout(said.holdout)
    if said.practice:
        practices.practice(said.practice)
    try:
        with transaction.atomic():
            row = models.Initiative() if number is None else _locked(number)
            moved = number is not None and row.started_on != said.started_on
            before = selectors.text_of(row) if number is not None else None
            for column in ("name", "metric", "started_on", "stopped_on", "lag_days", "about"):
                setattr(row, column, getattr(said, column))
            row.owner_id, row.holdout_id, row.practice = said.owner, said.holdout, said.practice
            row.changed_at, row.changed_by = clock.now(), by
            row.save()
            if before is None:
                _note(row, "begun", after=said.name, by=by)
            else:
                for what, one, other in rules.differences(before, said):
                    _note(row, what, before=one, after=other, why=because, by=by)
            if moved:  # they were of other weeks
                models.Baseline.objects.filter(initiative=row).exclude(why="by_hand").delete()
            audit.record(
                "initiatives.added" if number is None else "initiatives.written", actor=by,
                subject_kind="initiative", subject_id=row.pk,
            )  # fmt: skip
    except IntegrityError:
        raise InitiativeNameTaken(
            f"there is an initiative “{said.name}” already", hint="choose another name"
        ) from None
    renew_baselines([row.pk])
    return selectors.initiative(row.pk)


@transaction.atomic
def say_cost(number: int, *, on: date, amount: int, by: str, note: str = "") -> Initiative:
    """Write down what was spent on a day, in minor units."""
    rules.check_cost(on, amount, note, today=_today())
    one = _locked(number)
    before = selectors.initiative(number).cost
    row = models.CostRow.objects.create(
        initiative=one, on=on, amount=amount, note=note.strip(), said_at=clock.now(), said_by=by
    )
    _note(one, "cost", before=before, after=(before or 0) + amount, on=on, why=row.note, by=by)
    audit.record(
        "initiatives.cost_said", actor=by, subject_kind="initiative", subject_id=number,
        amount=amount, cost=row.pk,
    )  # fmt: skip
    return selectors.initiative(number)


@transaction.atomic
def take_cost_back(number: int, cost: int, *, by: str, why: str = "") -> Initiative:
    """That was a mistake."""
    because, one = rules.check_why(why), _locked(number)
    found = models.CostRow.objects.filter(initiative_id=number, pk=cost).first()
    if found is None:
        raise NoSuchInitiative(
            f"initiative {number} has no cost {cost}", hint="joren initiatives show"
        )
    audit.record(
        "initiatives.cost_taken_back", actor=by, subject_kind="initiative", subject_id=number,
        amount=found.amount, cost=cost,
    )  # fmt: skip
    before = selectors.initiative(number).cost
    found.delete()
    _note(
        one, "cost_back", before=before, after=selectors.initiative(number).cost, on=found.on,
        why=because, by=by,
    )  # fmt: skip
    return selectors.initiative(number)


def rebase(number: int, *, reason: str, by: str) -> Initiative:
    """A new baseline from the last thirteen full weeks, and why; the earlier ones stay."""
    said = reason.strip()
    if not 0 < len(said) <= 200:
        raise BadInitiative(
            f"the reason has {len(said)} characters", hint="say why, in 1 to 200 characters"
        )
    one, snapshot = selectors.initiative(number), values.snapshot()
    points = selectors.weeks(one, snapshot)
    last = points[-QUARTER_WEEKS:]
    if len(last) < FEWEST:
        raise NoBaselineYet(
            f"{len(last)} full weeks are known", hint=f"a baseline needs {FEWEST}: wait, or import"
        )
    with transaction.atomic():
        _keep(one, ("by_hand", last[0].first), last, snapshot, by=by, reason=said)
        audit.record("initiatives.rebased", actor=by, subject_kind="initiative", subject_id=number)
    return selectors.initiative(number)


def renew_baselines(numbers: Sequence[int] | None = None) -> int:
    """Set the baselines that are due by the newest figures; again changes nothing."""
    snapshot = warehouse().snapshots.latest()
    if snapshot is None:
        return 0
    rows = models.Initiative.objects.all()
    if numbers is not None:
        rows = rows.filter(pk__in=numbers)
    kept, days = 0, selectors.counted(snapshot) if rows.exists() else []
    for number in rows.values_list("pk", flat=True):
        try:
            kept += _renewed(number, snapshot, days)
        except Exception:  # one row must not keep a refresh from its end
            _log.exception("the baselines of initiative %s were not set", number)
    return kept


def _renewed(number: int, snapshot: Snapshot, days: Sequence[DayCount]) -> int:
    one = selectors.initiative(number)
    points = selectors.weeks(one, snapshot, days)
    with transaction.atomic():
        _locked(number)
        due = rules.quarters_due(one.text, points, one.baselines)
        for why, first, weeks in due:
            _keep(one, (why, first), weeks, snapshot, by=BY_ITSELF)
    return len(due)


def _keep(
    one: Initiative, of: tuple[Why, date], weeks: Sequence[LatePoint], snapshot: Snapshot, *,
    by: str, reason: str = "",
) -> None:  # fmt: skip
    why, first = of
    value, low, high = mean_of([each.value for each in weeks])
    known = low == low
    currency = str(snapshot.settings.get("currency") or "")
    wanted = {
        "last": weeks[-1].last, "value": value, "low": low if known else None,
        "high": high if known else None, "weeks": len(weeks),
        "unit": rules.unit_of(one.text.metric, currency), "as_of": snapshot.as_of,
        "set_on": _today(), "set_by": by, "reason": reason,
    }  # fmt: skip
    key = {"initiative_id": one.id, "metric": one.text.metric, "why": why, "first": first}
    earlier = models.Baseline.objects.filter(initiative_id=one.id, metric=one.text.metric)
    newest = earlier.order_by("first", "pk").last()
    if why == "by_hand":
        models.Baseline.objects.create(**key, **wanted)
    elif not models.Baseline.objects.get_or_create(**key, defaults=wanted)[1]:
        return
    row = _locked(one.id)
    _note(
        row, "baseline", before=newest.value if newest else None, after=value, on=first,
        why=reason, by=by,
    )  # fmt: skip


def _note(
    row: models.Initiative, what: ChangeOf, *, by: str, before: str | float | None = None,
    after: str | float | None = None, on: date | None = None, why: str = "",
) -> None:  # fmt: skip
    models.Change.objects.create(
        initiative=row, what=what, before=before, after=after, on=on, why=why, at=clock.now(), by=by
    )


def _locked(number: int) -> models.Initiative:
    row = models.Initiative.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchInitiative(f"there is no initiative {number}", hint="joren initiatives list")
    return row


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
