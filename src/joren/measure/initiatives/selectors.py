"""Questions about initiatives: which there are, and how their metric went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

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
    DayCount,
    Initiative,
    InitiativeChange,
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


def needs(kind: str, key: str) -> bool:
    """Does an initiative name the practice of that key?"""
    return kind == "practice" and models.Initiative.objects.filter(practice=key).exists()


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


def history(number: int) -> list[InitiativeChange]:
    """All that was said of it otherwise than before, the newest first."""
    row = models.Initiative.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchInitiative(f"there is no initiative {number}", hint=_HINT)
    return [
        InitiativeChange(
            one.pk, one.what,  # type: ignore[arg-type]  # constrained
            one.before, one.after, one.on, one.why, one.at, one.by,
        )
        for one in row.changes.order_by("-pk")
    ]  # fmt: skip


def effect(one: Initiative, snapshot: Snapshot) -> LateEffect:
    """The metric before and since the effect is expected, and the holdout where there is one."""
    (found,) = effects_of([one], snapshot)
    return found


def effects_of(some: Sequence[Initiative], snapshot: Snapshot) -> list[LateEffect]:
    """The same of several; orders and holdouts are counted once for all of them."""
    if not some:
        return []
    days, measured = counted(snapshot), _measured(some)
    return [_effect(one, snapshot, days, measured.get(one.id)) for one in some]


def _effect(
    one: Initiative, snapshot: Snapshot, days: Sequence[DayCount], measured: LateHoldout | None
) -> LateEffect:
    text, points = one.text, weeks(one, snapshot, days)
    teller = rules.Teller(
        rules.unit_of(text.metric, _currency(snapshot)), snapshot.as_of.isoformat()
    )
    before = rules.before_of(points, reach=rules.reach_of(text.metric))
    after = rules.after_of(text, points)
    change = teller.change("late_change", rules.compare(before, after), len(after))
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


def weeks(
    one: Initiative, snapshot: Snapshot, days: Sequence[DayCount] | None = None
) -> tuple[LatePoint, ...]:
    """Its metric, week by week, as far as the figures go back; ``days`` where they are counted."""
    known = counted(snapshot) if days is None else days
    if not known:
        return ()
    by_week = rules.by_week(known, one.text.started_on)
    return rules.points_of(one.text, by_week, first=known[0].day, as_of=snapshot.as_of)


def counted(snapshot: Snapshot) -> list[DayCount]:
    """Orders, repeats, revenue, new customers, and those of them who came again within 90 days, by
    day, from the first on."""
    house = warehouse()
    bought = house.snapshots.table(snapshot.id, PURCHASED)
    kept = bought.filter(bought.ordered_on <= snapshot.as_of)
    firsts = kept.group_by("customer_id").agg(first_on=kept.ordered_on.min())
    theirs = kept.inner_join(firsts, "customer_id")
    since = theirs.ordered_on.delta(theirs.first_on, unit="day")
    again = theirs.group_by("customer_id", "first_on").agg(
        again=((since > 0) & (since <= F2_DAYS)).any()
    )
    of_orders = kept.group_by("ordered_on").agg(
        orders=kept.count(), repeats=number_of(kept.nth > 1), revenue=total(kept.revenue)
    )
    of_people = again.group_by("first_on").agg(new=again.count(), came=number_of(again.again))
    both = of_orders.left_join(of_people, of_orders.ordered_on == of_people.first_on)
    found = both.select(
        "orders", "repeats", "revenue", day=both.ordered_on, new=both.new.fill_null(0),
        again=both.came.fill_null(0),
    )  # fmt: skip
    return [DayCount(**row) for row in house.engine.rows(found.order_by("day"))]


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


def _measured(some: Sequence[Initiative]) -> dict[int, LateHoldout]:
    """What the holdouts say of those that name one, or a practice that has one."""
    of_practice = {}
    if any(one.text.practice for one in some):
        of_practice = {one.key: one.text.holdout for one in practices.practices()}
    named = {one.id: one.text.holdout or of_practice.get(one.text.practice) for one in some}
    if not any(named.values()):
        return {}
    said = {one.holdout_id: one for one in experiments.results()}
    costs = {one.id: one.cost for one in some}
    return {
        number: LateHoldout(
            result.holdout_id, result.name, result.evidence, result.realised,
            rules.payback_of(result.realised, result.metric, costs[number]),
        )
        for number, holdout in named.items()
        if (result := said.get(holdout or 0))
    }  # fmt: skip


def effects() -> list[tuple[Initiative, LateEffect]]:
    """All of them by the newest figures."""
    found = initiatives()
    return list(zip(found, effects_of(found, values.snapshot()), strict=True))


def _currency(snapshot: Snapshot) -> str:
    return str(snapshot.settings.get("currency") or "")


def text_of(row: models.Initiative) -> InitiativeText:
    """What is written down of it."""
    return InitiativeText(
        name=row.name, metric=row.metric,  # type: ignore[arg-type]  # constrained
        started_on=row.started_on, lag_days=row.lag_days, owner=row.owner_id, about=row.about,
        holdout=row.holdout_id, practice=row.practice, stopped_on=row.stopped_on,
    )  # fmt: skip


def _read(row: models.Initiative, names: Mapping[int, str]) -> Initiative:
    text = text_of(row)
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
