"""Stretches of days, with the practice and without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import ibis.expr.types as ir
import pyarrow as pa

from joren.measure.trials.contracts import RATIOS, Period, TrialSide
from joren.measure.trials.rules import telling
from joren.measure.trials.selectors.by_people import Sides
from joren.measure.trials.selectors.keeping import schedule
from joren.measure.trials.selectors.scene import Scene, given
from joren.plumbing.warehouse import warehouse
from joren.warehouse.sums import total

_BASELINE_DAYS: Final = 365
_NOTHING: Final = (0, 0)


def by_periods(scene: Scene, teller: telling.Teller) -> tuple[Sides, telling.Said]:
    """What each stretch brought on the days that count, beside what its store used to bring; of a
    ratio beside its orders."""
    dealt, metric = schedule(scene.trial), scene.trial.plan.metric
    theirs = _inside(scene, dealt)
    sums = _sums(scene, theirs)
    before, tops = _both(scene, dealt, sums)
    got = given(scene, theirs.select("customer_id", "treated", "order_id"))
    sides = [
        TrialSide(
            arm, sum(each.treated is arm for each in dealt),
            sum(sums.get(place, _NOTHING)[1]
                for place, each in enumerate(dealt) if each.treated is arm),
            sum(top for top, each in zip(tops, dealt, strict=True) if each.treated is arm)
            if metric == "money" else None,
            got.get(arm),
        )
        for arm in (False, True)
    ]  # fmt: skip
    return (sides[0], sides[1]), telling.by_periods(dealt, before, tops, teller, metric)


def unaided(scene: Scene, dealt: Sequence[Period]) -> tuple[list[float], list[int]]:
    """What stretches in which nothing was done would bring by the year before, and brought."""
    return _both(scene, dealt, _sums(scene, _inside(scene, dealt)))


def _both(
    scene: Scene, dealt: Sequence[Period], sums: Mapping[int, tuple[int, int]]
) -> tuple[list[float], list[int]]:
    """Of each stretch, what it is held against, and what came of it."""
    rows = [sums.get(place, _NOTHING) for place in range(len(dealt))]
    metric = scene.trial.plan.metric
    if metric == "orders":
        return _used_to(scene, dealt), [orders for _, orders in rows]
    tops = [top for top, _ in rows]
    if metric in RATIOS:
        return [float(orders) for _, orders in rows], tops
    return _used_to(scene, dealt), tops


def _inside(scene: Scene, dealt: Sequence[Period]) -> ir.Table:
    """Orders of the days that count, with the place and the side of their stretch."""
    bought = scene.bought
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
    return bought.inner_join(table, [inside, here])


def _sums(scene: Scene, theirs: ir.Table) -> dict[int, tuple[int, int]]:
    """By place, the money (or how many came back) and the orders."""
    column = "returned" if scene.trial.plan.metric == "returns" else scene.money
    summed = theirs.group_by("place").agg(top=total(theirs[column]), orders=theirs.count())
    rows = warehouse().engine.rows(summed)
    return {row["place"]: (row["top"] or 0, row["orders"]) for row in rows}


def _used_to(scene: Scene, dealt: Sequence[Period]) -> list[float]:
    """Days that count, times what the store brought in the year before; of the whole shop days."""
    days = [(each.last - each.counted_from).days + 1 for each in dealt]
    if scene.trial.plan.unit == "week":
        return [float(one) for one in days]
    bought, first = scene.bought, scene.trial.plan.first
    since = first - timedelta(days=_BASELINE_DAYS)
    past = bought.filter((bought.ordered_on >= since) & (bought.ordered_on < first))
    brought = past.count() if scene.trial.plan.metric == "orders" else total(past[scene.money])
    summed = past.group_by("store_id").agg(brought=brought)
    was = {row["store_id"]: row["brought"] for row in warehouse().engine.rows(summed)}
    return [
        float(max(was.get(each.store, 0), 0)) * count
        for each, count in zip(dealt, days, strict=True)
    ]
