"""What a trial says: with the practice beside without."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import ibis.expr.types as ir
import pyarrow as pa
from django.db.models import Max

from joren.collect.customers import selectors as customers
from joren.core.tested import read_elsewhere
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments.selectors import profit_is_known, with_margin
from joren.measure.practices import selectors as practices
from joren.measure.trials import models
from joren.measure.trials.contracts import (
    Period,
    Trial,
    TrialResult,
    TrialSide,
    TrialUnit,
)
from joren.measure.trials.rules import telling
from joren.measure.trials.selectors.by_people import Sides, by_customers, by_orders
from joren.measure.trials.selectors.keeping import schedule, trials
from joren.measure.trials.selectors.scene import Scene, given
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot
from joren.warehouse.sums import total

ROOM: Final = "trials"
_BASELINE_DAYS = 365


def read(one: Trial, snapshot: Snapshot) -> TrialResult:
    """With the practice beside without, as one among all trials."""
    return results(snapshot)[one.id]


def results(snapshot: Snapshot) -> dict[int, TrialResult]:
    """Of every trial, by its number; what is proven is so among all that was tried and read, here
    and in other rooms."""
    found = [by_itself(one, snapshot) for one in trials()]
    return {one.trial: one for one in telling.among_all(found, read_elsewhere(ROOM))}


def by_itself(one: Trial, snapshot: Snapshot) -> TrialResult:
    """It is read once, when its days are over."""
    house = warehouse()
    teller = telling.Teller(
        str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat()
    )
    costed, sides, said = house.snapshots.once(
        snapshot.id, (PURCHASED,), ("trials", one.id, one.salt, _said_so_far(one)),
        lambda: _counted(one, snapshot, teller),
    )  # fmt: skip
    wait = telling.weeks_left(one.plan, snapshot.as_of)
    cost = _cost(one, sides)
    if wait is not None:  # whoever could see the sides beside each other would read them early
        said, sides = telling.not_yet(teller), (_unread(sides[0]), _unread(sides[1]))
    return TrialResult(
        one.id, said.evidence, "profit" if costed else "revenue", sides, said.each,
        said.lift, said.gain, cost, telling.net_of(said.gain, cost, teller), wait,
        said.p,
    )  # fmt: skip


def _unread(side: TrialSide) -> TrialSide:
    return replace(side, amount=None)


def _said_so_far(one: Trial) -> Hashable:
    """Changes with every word on who got it, and with who is one person: what is counted by them
    is then counted anew."""
    drawn = 0 if one.holdout is None else holdouts.holdout(one.holdout).customers
    if not one.exposures and not drawn:
        return None
    moved = customers.merged()
    people = tuple(hash(moved[name].to_numpy().tobytes()) for name in moved.column_names)
    newest = models.Exposure.objects.filter(trial_id=one.id).aggregate(at=Max("said_at"))
    return drawn, one.exposures, newest["at"], people


def _counted(
    one: Trial, snapshot: Snapshot, teller: telling.Teller
) -> tuple[bool, Sides, telling.Said]:
    house = warehouse()
    with house.engine.session() as holding:
        bought = with_margin(house.snapshots.table(snapshot.id, PURCHASED))
        scene = Scene(one, snapshot, holding, bought, _costed(one, bought))
        return scene.costed, *_HOW[one.plan.unit](scene, teller)


def _costed(one: Trial, bought: ir.Table) -> bool:
    """Profit counts where the cost of most orders since the trial began is known."""
    theirs = bought.filter(bought.ordered_on >= one.plan.first)
    (row,) = warehouse().engine.rows(
        theirs.aggregate(
            known=total(theirs.costed.ifelse(theirs.revenue, 0)), revenue=total(theirs.revenue)
        )
    )
    return profit_is_known(row["known"] or 0, row["revenue"] or 0)


def _by_periods(scene: Scene, teller: telling.Teller) -> tuple[Sides, telling.Said]:
    """What each stretch brought on the days that count, beside what its store used to bring."""
    one, bought, engine = scene.trial, scene.bought, warehouse().engine
    dealt = schedule(one)
    table = scene.holding.take(
        pa.table(
            {
                "place": pa.array(range(len(dealt)), pa.int64()),
                "store": pa.array([each.store for each in dealt], pa.int64()),
                "begins": pa.array([each.counted_from for each in dealt], pa.date32()),
                "ends": pa.array([each.last for each in dealt], pa.date32()),
                "treated": pa.array([each.treated for each in dealt], pa.bool_()),
            }
        )
    )
    inside = (bought.ordered_on >= table.begins) & (bought.ordered_on <= table.ends)
    here = table.store.isnull() | (bought.store_id == table.store)
    theirs = bought.inner_join(table, [inside, here])
    summed = theirs.group_by("place").agg(money=total(theirs[scene.money]), orders=theirs.count())
    sums = {row["place"]: row for row in engine.rows(summed)}
    amounts = [sums.get(place, {}).get("money", 0) for place in range(len(dealt))]
    got = given(scene, theirs.select("customer_id", "treated", "order_id"))
    sides = [
        TrialSide(
            arm_, sum(each.treated is arm_ for each in dealt),
            sum(sums.get(place, {}).get("orders", 0)
                for place, each in enumerate(dealt) if each.treated is arm_),
            sum(amount for amount, each in zip(amounts, dealt, strict=True)
                if each.treated is arm_),
            got.get(arm_),
        )
        for arm_ in (False, True)
    ]  # fmt: skip
    said = telling.by_periods(dealt, _used_to(scene, dealt), amounts, teller)
    return (sides[0], sides[1]), said


def _used_to(scene: Scene, dealt: Sequence[Period]) -> list[float]:
    """Days that count, times what the store brought in the year before; of the whole shop days."""
    days = [(each.last - each.counted_from).days + 1 for each in dealt]
    if scene.trial.plan.unit == "week":
        return [float(one) for one in days]
    bought, first = scene.bought, scene.trial.plan.first
    since = first - timedelta(days=_BASELINE_DAYS)
    past = bought.filter((bought.ordered_on >= since) & (bought.ordered_on < first))
    summed = past.group_by("store_id").agg(money=total(past[scene.money]))
    was = {row["store_id"]: row["money"] for row in warehouse().engine.rows(summed)}
    return [
        float(max(was.get(each.store, 0), 0)) * count
        for each, count in zip(dealt, days, strict=True)
    ]


def _cost(one: Trial, sides: tuple[TrialSide, TrialSide]) -> int | None:
    """What one costs, times how many more of the counted orders got it with the practice than as
    many without it would have: the gain is of these alone."""
    each = practices.practice(one.plan.practice).text.cost
    without, with_it = sides
    if each is None or with_it.given is None:
        return None
    return round(each * (with_it.given - (without.given or 0.0)) * with_it.orders)


_HOW: Final[Mapping[TrialUnit, Callable[[Scene, telling.Teller], tuple[Sides, telling.Said]]]] = {
    "order": by_orders, "customer": by_customers, "week": _by_periods, "store": _by_periods,
}  # fmt: skip
