"""A trial is drawn before it begins, and stays as it was; customers are drawn as they order."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Final

import pyarrow as pa
from django.db import transaction

from joren.accounts import selectors as accounts
from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as orders
from joren.core import clock
from joren.core.ids import IdentityId
from joren.core.people import people
from joren.decide.holdouts import selectors as lots
from joren.decide.holdouts import services as holdouts
from joren.decide.holdouts.contracts import HoldoutClosed
from joren.measure.practices import selectors as practices
from joren.measure.trials import models, selectors
from joren.measure.trials.contracts import (
    Trial,
    TrialArm,
    TrialBegan,
    TrialOverlaps,
    TrialPlan,
)
from joren.measure.trials.rules import dealing
from joren.measure.trials.selectors import scene
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values

_AT_ONCE: Final = 20_000


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
    named = f"{plan.practice} {plan.first} – {plan.last} ({secrets.token_hex(2)})"
    lot = holdouts.stand_trial(named, by=by).id if plan.unit == "customer" else None
    row = models.Trial.objects.create(
        practice=plan.practice, unit=plan.unit, first=plan.first, last=plan.last,
        horizon_days=plan.horizon_days, period_days=plan.period_days,
        washout_days=plan.washout_days, stores=stores if plan.unit == "store" else [],
        holdout=lot, metric=plan.metric,
        salt=secrets.token_hex(16), drawn_at=clock.now(), drawn_by=by,
    )  # fmt: skip
    audit.record(
        "trials.drawn", actor=by, subject_kind="trial", subject_id=row.pk, practice=plan.practice,
        unit=plan.unit, metric=plan.metric,
    )  # fmt: skip
    return selectors.trial(row.pk)


@transaction.atomic
def call_off(number: int, *, by: str) -> None:
    """It will not be done. What has begun stays: to drop what does not please is no trial."""
    one = selectors.trial(number)
    if one.plan.first <= _today():
        raise TrialBegan(f"it began on {one.plan.first}", hint="it can only be read")
    models.Trial.objects.filter(pk=number).delete()
    if one.holdout is not None:
        holdouts.end_trial(one.holdout, by=by)
    audit.record(
        "trials.called_off", actor=by, subject_kind="trial", subject_id=number,
        practice=one.plan.practice,
    )  # fmt: skip


def arm(
    one: Trial, *, store: str, order_number: str, today: date, on: date | None = None,
    email: str = "", customer_number: str = "",
) -> TrialArm:  # fmt: skip
    """What is done with an order. Of a trial by customers whoever is asked for is drawn now, if
    they were not; of whom nobody knows who they are nothing is done, and it does not count."""
    if one.holdout is None:
        return selectors.arm(one, store=store, order_number=order_number, today=today, on=on)
    on = selectors.day_of(store, order_number, today=today, on=on)
    who = _who(store, order_number, email, customer_number)
    if who is None or not one.plan.first <= on <= one.plan.last:
        return TrialArm(treated=False, counts=False)
    try:
        (held,) = holdouts.assign(one.holdout, [who])["held_out"].to_pylist()
    except HoldoutClosed:  # it draws nobody any more; who has an arm keeps it
        return TrialArm(treated=False, counts=False)
    return TrialArm(not held, counts=True)


def _who(store: str, order_number: str, email: str, customer_number: str) -> int | None:
    if email:
        return people().by_email([email.lower()]).get(email.lower())
    if customer_number:
        return people().by_number(store, [customer_number]).get(customer_number)
    number = orders.order_id_of(selectors.store_of(store), order_number)
    identity = orders.identity_of(warehouse(), number)
    return None if identity is None else customers.customer_of(IdentityId(identity))


def draw_buyers() -> int:
    """Draw who ordered in the days of a trial by customers and was not asked for; returns how many
    were looked at. Safe to repeat: nobody is drawn twice. Of a lot that was closed nobody is drawn
    any more, and the others go on."""
    snapshot, looked_at = values.snapshot(), 0
    for one in selectors.trials():
        if one.holdout is None or one.plan.first > snapshot.as_of:
            continue
        if lots.holdout(one.holdout).closed_at is not None:
            continue
        ordered = scene.ordered(snapshot)
        inside = (ordered.ordered_on >= one.plan.first) & (ordered.ordered_on <= one.plan.last)
        theirs = ordered.filter(inside).select("customer_id").distinct().order_by("customer_id")
        found: pa.Table = warehouse().engine.arrow(theirs)
        ids = found["customer_id"].to_pylist()
        for begin in range(0, len(ids), _AT_ONCE):
            holdouts.assign(one.holdout, ids[begin : begin + _AT_ONCE])
        looked_at += len(ids)
    return looked_at


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
