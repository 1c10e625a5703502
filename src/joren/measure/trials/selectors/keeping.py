"""Which trials there are, and what is done with an order."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db.models import Count

from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as orders
from joren.measure.trials import models
from joren.measure.trials.contracts import NoSuchTrial, Period, Trial, TrialArm, TrialPlan
from joren.measure.trials.rules import dealing
from joren.plumbing.warehouse import warehouse


def trials(practice: str = "") -> list[Trial]:
    """All of them, or those of one practice, the one that begins last first."""
    rows = models.Trial.objects.annotate(n=Count("exposures"))
    if practice:
        rows = rows.filter(practice=practice)
    return [_read(row) for row in rows.order_by("-first", "-pk")]


def needs(kind: str, key: str) -> bool:
    """Was the practice of that key ever tried?"""
    return kind == "practice" and models.Trial.objects.filter(practice=key).exists()


def trial(number: int) -> Trial:
    """One of them."""
    row = models.Trial.objects.annotate(n=Count("exposures")).filter(pk=number).first()
    if row is None:
        raise NoSuchTrial(f"there is no trial {number}", hint="joren trials list")
    return _read(row)


def schedule(one: Trial) -> tuple[Period, ...]:
    """The stretches as they were dealt; none of a trial by order."""
    stores = models.Trial.objects.values_list("stores", flat=True).get(pk=one.id)
    return dealing.periods(one.plan, one.salt, stores)


def day_of(store: str, order_number: str, *, today: date, on: date | None = None) -> date:
    """The day of an order: as somebody says it (``on``), else as the order itself, if it has come
    in; of one that is not known it is today's."""
    if on is None and order_number:
        on = orders.ordered_on(warehouse(), orders.order_id_of(store_of(store), order_number))
    return on or today


def arm(
    one: Trial, *, store: str, order_number: str, today: date, on: date | None = None
) -> TrialArm:
    """What is done with that order, asked while it is packed, which may be days after: what counts
    is its day. Not of a trial by customers, who are drawn as they are asked for."""
    plan, on = one.plan, day_of(store, order_number, today=today, on=on)
    if plan.unit == "order":
        number = orders.order_id_of(store_of(store), order_number)
        (treated,) = dealing.drawn(np.array([number], np.int64), one.salt).tolist()
        inside = plan.first <= on <= plan.last
        return TrialArm(treated and inside, inside)
    here = store_of(store) if plan.unit == "store" else None
    for period in schedule(one):
        if period.store == here and period.first <= on <= period.last:
            return TrialArm(period.treated, on >= period.counted_from)
    return TrialArm(treated=False, counts=False)


def store_of(name: str) -> int:
    """Its number."""
    found = next((int(each.id) for each in customers.stores() if each.name == name), None)
    if found is None:
        raise NoSuchTrial(f"there is no store {name!r}", hint="as the imports name it")
    return found


def _read(row: models.Trial) -> Trial:
    plan = TrialPlan(
        row.practice, row.unit,  # type: ignore[arg-type]  # constrained
        row.first, row.last, row.horizon_days, row.period_days, row.washout_days,
        row.metric,  # type: ignore[arg-type]  # constrained
    )  # fmt: skip
    return Trial(row.pk, plan, row.salt, row.drawn_at, row.drawn_by, row.n, row.holdout)  # type: ignore[attr-defined]  # annotated by the query
