"""Questions about initiatives: which there are, and how their metric went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from joren.accounts import selectors as accounts
from joren.core.figures import Figure
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import selectors as experiments
from joren.measure.initiatives import models, rules
from joren.measure.initiatives.contracts import (
    F2_DAYS,
    LEVEL,
    NO_WEEKS,
    Baseline,
    CostRow,
    Initiative,
    InitiativeText,
    LateEffect,
    LateHoldout,
    LatePoint,
    NoSuchInitiative,
)
from joren.measure.practices import selectors as practices
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, total

_HINT: Final = "joren initiatives list"


def initiatives() -> list[Initiative]:
    """Those that go on first, each by the day it began, newest first."""
    rows = models.Initiative.objects.prefetch_related("costs", "baselines")
    names = accounts.member_names()
    found = [_read(row, names) for row in rows.order_by("-started_on", "-pk")]
    return sorted(found, key=lambda one: one.text.stopped_on is not None)


def initiative(number: int) -> Initiative:
    """One of them."""
    row = models.Initiative.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchInitiative(f"there is no initiative {number}", hint=_HINT)
    return _read(row, accounts.member_names())


def effect(one: Initiative, snapshot: Snapshot) -> LateEffect:
    """The metric before and since the effect is expected, and the holdout where there is one."""
    text, points = one.text, weeks(one, snapshot)
    teller = rules.Teller(
        rules.unit_of(text.metric, _currency(snapshot)), snapshot.as_of.isoformat()
    )
    before = rules.before_of(points, reach=rules.reach_of(text.metric))
    after = rules.after_of(text, points)
    change = teller.change("late_change", rules.compare(before, after), len(after))
    measured = _measured(text)
    return LateEffect(
        initiative=one.id,
        experiment=measured is not None,
        evidence=rules.evidence(text, change, as_of=snapshot.as_of),
        before=teller.mean("late_before", before),
        after=teller.mean("late_after", after),
        change=change,
        season=rules.season(teller, points, before, after),
        newest=_newest(one, points, teller),
        points=points,
        holdout=measured,
    )


def weeks(one: Initiative, snapshot: Snapshot) -> tuple[LatePoint, ...]:
    """Its metric, week by week, as far as the figures go back."""
    house, start = warehouse(), one.text.started_on
    bought = house.snapshots.table(snapshot.id, PURCHASED)
    (span,) = house.engine.rows(bought.aggregate(first=bought.ordered_on.min()))
    if span["first"] is None:
        return ()
    counted = house.engine.rows(by_week(bought, start, snapshot.as_of).order_by("week"))
    return rules.points_of(one.text, counted, first=span["first"], as_of=snapshot.as_of)


def by_week(bought: ir.Table, start: date, as_of: date) -> ir.Table:
    """Orders, repeats, revenue, new customers, and those of them who came again within 90 days,
    by weeks counted from that day."""
    kept = bought.filter(bought.ordered_on <= as_of)
    firsts = kept.group_by("customer_id").agg(first_on=kept.ordered_on.min())
    theirs = kept.inner_join(firsts, "customer_id")
    since = theirs.ordered_on.delta(theirs.first_on, unit="day")
    again = theirs.group_by("customer_id", "first_on").agg(
        again=((since > 0) & (since <= F2_DAYS)).any()
    )
    orders = kept.mutate(week=_week(kept.ordered_on, start))
    people = again.mutate(week=_week(again.first_on, start))
    of_orders = orders.group_by("week").agg(
        orders=orders.count(), repeats=number_of(orders.nth > 1), revenue=total(orders.revenue)
    )
    of_people = people.group_by("week").agg(new=people.count(), came=number_of(people.again))
    both = of_orders.left_join(of_people, "week")
    return both.select(
        "week", "orders", "repeats", "revenue",
        new=both.new.fill_null(0), again=both.came.fill_null(0),
    )  # fmt: skip


def _week(day: ir.DateColumn, start: date) -> ir.IntegerColumn:
    # Days are counted from a Monday long before, so that the whole division rounds one way.
    days = day.delta(ibis.literal(start - timedelta(days=7 * 10_000)), unit="day").cast("int64")
    return (days // 7).cast("int64") - 10_000


def _newest(one: Initiative, points: tuple[LatePoint, ...], teller: rules.Teller) -> Figure:
    kept = [each for each in one.baselines if each.why != "start"]
    if not kept:
        return teller.unknown("late_newest", 0, NO_WEEKS)
    newest = kept[-1]
    before = [each for each in points if newest.first <= each.first and each.last <= newest.last]
    after = [each for each in points if each.first > newest.last]
    if not after:
        return teller.unknown("late_newest", 0, NO_WEEKS)
    return teller.change("late_newest", rules.compare(before, after), len(after))


def _measured(text: InitiativeText) -> LateHoldout | None:
    if text.holdout is not None:
        result = experiments.result(text.holdout)
        return LateHoldout(result.holdout_id, result.name, result.evidence, result.realised)
    if text.practice and (by := practices.measured(practices.practice(text.practice))):
        return LateHoldout(by.holdout, by.name, by.evidence, by.realised)
    return None


def effects() -> list[tuple[Initiative, LateEffect]]:
    """All of them by the newest figures."""
    snapshot, found = values.snapshot(), initiatives()
    return [(one, effect(one, snapshot)) for one in found]


def _currency(snapshot: Snapshot) -> str:
    return str(snapshot.settings.get("currency") or "")


def _read(row: models.Initiative, names: Mapping[int, str]) -> Initiative:
    text = InitiativeText(
        name=row.name, metric=row.metric,  # type: ignore[arg-type]  # constrained
        started_on=row.started_on, lag_days=row.lag_days, owner=row.owner_id, about=row.about,
        holdout=row.holdout_id, practice=row.practice, stopped_on=row.stopped_on,
    )  # fmt: skip
    costs = sorted(row.costs.all(), key=lambda one: (one.on, one.pk))
    kept = sorted(row.baselines.all(), key=lambda one: (one.first, one.pk))
    return Initiative(
        row.pk, text, names.get(row.owner_id or 0, ""),
        tuple(CostRow(one.pk, one.on, one.amount, one.note, one.said_by) for one in costs),
        tuple(_baseline(one) for one in kept if one.metric == row.metric),
        row.changed_at, row.changed_by,
    )  # fmt: skip


def _baseline(row: models.Baseline) -> Baseline:
    told: dict[str, Any] = {"level": LEVEL} if row.low is not None else {}
    figure = Figure(
        "late_baseline", row.value, row.unit, row.weeks, row.low, row.high,
        as_of=row.as_of.isoformat(), **told,
    )  # fmt: skip
    return Baseline(
        row.pk, row.why,  # type: ignore[arg-type]  # constrained
        row.first, row.last, figure, row.set_on, row.set_by, row.reason,
    )  # fmt: skip
