"""A trial is drawn before it begins, and stays as it was."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as customers
from joren.core import clock
from joren.measure.practices import selectors as practices
from joren.measure.trials import models, selectors
from joren.measure.trials.contracts import Trial, TrialBegan, TrialOverlaps, TrialPlan
from joren.measure.trials.rules import dealing
from joren.protect.audit import services as audit


@transaction.atomic
def draw(plan: TrialPlan, *, by: str) -> Trial:
    """Deal the orders or stretches of a practice by lot, from a day after today on."""
    practices.practice(plan.practice)  # refuses what is none
    stores = [int(one.id) for one in customers.stores()]
    dealing.check(plan, today=_today(), stores=len(stores))
    others = models.Trial.objects.filter(
        practice=plan.practice, first__lte=plan.last, last__gte=plan.first
    )
    if others.exists():
        raise TrialOverlaps(
            f"another trial of it has days from {plan.first} to {plan.last}",
            hint="choose days after it",
        )
    row = models.Trial.objects.create(
        practice=plan.practice, unit=plan.unit, first=plan.first, last=plan.last,
        horizon_days=plan.horizon_days, period_days=plan.period_days,
        washout_days=plan.washout_days, stores=stores if plan.unit == "store" else [],
        salt=secrets.token_hex(16), drawn_at=clock.now(), drawn_by=by,
    )  # fmt: skip
    audit.record(
        "trials.drawn", actor=by, subject_kind="trial", subject_id=row.pk, practice=plan.practice,
        unit=plan.unit,
    )  # fmt: skip
    return selectors.trial(row.pk)


@transaction.atomic
def call_off(number: int, *, by: str) -> None:
    """It will not be done. What has begun stays: to drop what does not please is no trial."""
    one = selectors.trial(number)
    if one.plan.first <= _today():
        raise TrialBegan(f"it began on {one.plan.first}", hint="it can only be read")
    models.Trial.objects.filter(pk=number).delete()
    audit.record(
        "trials.called_off", actor=by, subject_kind="trial", subject_id=number,
        practice=one.plan.practice,
    )  # fmt: skip


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
