"""Each customer or household once, by the first order that they placed in the trial, whatever
became of it; what comes after it counts."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.collect.customers import selectors as customers
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import unit_of
from joren.measure.trials.contracts import (
    BY_CUSTOMERS,
    BY_ORDERS,
    LEVEL,
    RATIOS,
    TrialMetric,
    TrialSide,
)
from joren.measure.trials.rules import dealing, telling
from joren.measure.trials.selectors.scene import Scene, given
from joren.plumbing.warehouse import warehouse
from joren.science.inference import (
    Effect,
    Moments,
    Spend,
    newcombe,
    pairs,
    permutation,
    ratio_difference,
    wants_permutation,
    welch,
)
from joren.warehouse.sums import product_total, square_total, total

Sides = tuple[TrialSide, TrialSide]
COUNTS: Final = ("top", "bottom", "again")


def by_orders(scene: Scene, teller: telling.Teller) -> tuple[Sides, telling.Said]:
    """The lot of a customer's first order decides on which side they are."""
    bought = _each_alone(scene.bought)
    firsts = warehouse().engine.arrow(_firsts(scene, _each_alone(scene.ordered)))
    drawn = dealing.drawn(firsts["order_id"].to_numpy().astype(np.int64), scene.trial.salt)
    dealt = scene.holding.take(firsts.append_column("treated", pa.array(drawn)))
    sides, said = _told(scene, bought, dealt, dealt, BY_ORDERS, teller)
    return sides, telling.held_to_lot(said, scene.trial.plan, sides, (1, 1), teller)


def by_customers(scene: Scene, teller: telling.Teller) -> tuple[Sides, telling.Said]:
    """The lot of the household, by the log: all of them are on one side with all their orders."""
    people = scene.holding.take(_drawn(scene.trial.holdout or 0))
    units = people.select("customer_id", "unit")
    bought = scene.bought.inner_join(units, "customer_id")
    ordered = scene.ordered.inner_join(units, "customer_id")
    arms = scene.holding.hold(people.select("unit", "treated").distinct())
    dealt = scene.holding.hold(_firsts(scene, ordered).inner_join(arms, "unit"))
    theirs = _within(scene, ordered).inner_join(arms, "unit")
    sides, said = _told(scene, bought, dealt, theirs, BY_CUSTOMERS, teller)
    drawn = _numbers(arms)
    planned = drawn.get(False, 0), drawn.get(True, 0)
    return sides, telling.held_to_lot(said, scene.trial.plan, sides, planned, teller)


def _each_alone(rows: ir.Table) -> ir.Table:
    return rows.mutate(unit=rows.customer_id)


def _drawn(holdout: int) -> pa.Table:
    """(customer_id, unit, treated) of who came, as who they are now; the older draw counts."""
    placed = holdouts.placed(holdout)
    ids = customers.as_now(placed["customer_id"].to_numpy())
    people, first = np.unique(ids, return_index=True)
    units = unit_of(placed["stratum"].to_numpy(), placed["place"].to_numpy())
    held = placed["held_out"].to_numpy(zero_copy_only=False).astype(np.bool_)
    return pa.table(
        {
            "customer_id": pa.array(people, pa.int64()),
            "unit": pa.array(units[first], pa.int64()),
            "treated": pa.array(~held[first], pa.bool_()),
        }
    )


def _within(scene: Scene, ordered: ir.Table) -> ir.Table:
    plan = scene.trial.plan
    return ordered.filter((ordered.ordered_on >= plan.first) & (ordered.ordered_on <= plan.last))


def _firsts(scene: Scene, ordered: ir.Table) -> ir.Table:
    """(unit, customer_id, order_id, since, since_on) of each unit's first order of the trial."""
    order = ibis.window(group_by="unit", order_by=["ordered_at", "order_id"])
    ranked = _within(scene, ordered).mutate(here=ibis.row_number().over(order))
    first = ranked.filter(ranked.here == 0)
    return first.select(
        "unit", "customer_id", "order_id", since=first.ordered_at, since_on=first.ordered_on
    )


def _told(
    scene: Scene, bought: ir.Table, dealt: ir.Table, orders: ir.Table, model: str,
    teller: telling.Teller,
) -> tuple[Sides, telling.Said]:  # fmt: skip
    """``dealt`` has each unit with its first order and its side, ``orders`` those that could get
    the practice."""
    if scene.trial.plan.metric != "money":
        return _told_by_counts(scene, bought, dealt, orders, model, teller)
    engine = warehouse().engine
    each = _each(scene, bought, dealt)
    summed = each.group_by("treated").agg(
        buyers=each.count(), money=total(each.money), squares=square_total(each.money)
    )
    sums = {row["treated"]: row for row in engine.rows(summed)}
    units, placed = _numbers(dealt), _numbers(orders)
    got = given(scene, orders.select("customer_id", "treated", "order_id"))
    sides, spends = [], []
    for arm in (False, True):
        n, row = units.get(arm, 0), sums.get(arm, {})
        sides.append(TrialSide(arm, n, placed.get(arm, 0), row.get("money", 0), got.get(arm)))
        spends.append(Spend(n, row.get("buyers", 0), row.get("money", 0), row.get("squares", 0.0)))
    p = _dealt_anew(scene, each, spends) if wants_permutation(*spends) else None
    said = telling.by_people(spends[0], spends[1], model, teller, permutation_p=p)
    return (sides[0], sides[1]), said


def _told_by_counts(
    scene: Scene, bought: ir.Table, dealt: ir.Table, orders: ir.Table, model: str,
    teller: telling.Teller,
) -> tuple[Sides, telling.Said]:  # fmt: skip
    """The same of orders, of who buys again, and of what is counted per order: the customer stays
    the unit, as the customer was dealt."""
    metric = scene.trial.plan.metric
    arms = counts(scene, bought, dealt)
    placed = _numbers(orders)
    got = given(scene, orders.select("customer_id", "treated", "order_id"))
    sides = [
        TrialSide(arm, int(arms[arm].n), placed.get(arm, 0), None, got.get(arm))
        for arm in (False, True)
    ]
    effect = effect_of(metric, arms[False], arms[True])
    said = telling.by_counts(effect, metric, int(arms[True].n), model, teller)
    return (sides[0], sides[1]), said


def counts(scene: Scene, bought: ir.Table, dealt: ir.Table) -> dict[bool, Moments]:
    """Of each side, over all its units: ``top``, ``bottom`` (orders) and ``again`` (1 where there
    is any), with their products."""
    metric = scene.trial.plan.metric
    rows = _after(scene, bought, dealt, with_first=metric == "returns")
    columns = {"returns": "returned", "profit_per_order": scene.money}
    top = total(rows[columns[metric]]) if metric in columns else rows.count()
    each = rows.group_by("unit", "treated").agg(top=top, bottom=rows.count())
    each = each.mutate(again=ibis.literal(1))
    wanted = {
        f"{one}*{other}": product_total(each[one], each[other]) for one, other in pairs((), COUNTS)
    }
    sums = each.group_by("treated").agg(**{name: total(each[name]) for name in COUNTS}, **wanted)
    found = {row["treated"]: row for row in warehouse().engine.rows(sums)}
    nothing = dict.fromkeys((*COUNTS, *wanted), 0)
    units = _numbers(dealt)
    return {
        arm: Moments.of_row({**nothing, **found.get(arm, {}), "n": units.get(arm, 0)}, COUNTS)
        for arm in (False, True)
    }


def effect_of(metric: TrialMetric, without: Moments, with_it: Moments) -> Effect:
    """With the practice less without."""
    if metric in RATIOS:
        return ratio_difference(without, with_it, "top", "bottom", level=LEVEL)
    if metric == "repeat":
        control, treated = ((float(one.sums("again").total), one.n) for one in (without, with_it))
        return newcombe(control, treated, level=LEVEL)
    return welch(without.sums("top"), with_it.sums("top"), level=LEVEL)


def _after(
    scene: Scene, bought: ir.Table, dealt: ir.Table, *, with_first: bool = False
) -> ir.Table:
    """Orders of the dealt within the horizon after their first one, or with it."""
    began = dealt.select("unit", "treated", "since", "since_on", first_order=dealt.order_id)
    theirs = bought.inner_join(began, "unit")
    days = theirs.ordered_on.delta(theirs.since_on, unit="day")
    later = theirs.ordered_at >= theirs.since
    if not with_first:
        later &= theirs.order_id != theirs.first_order
    return theirs.filter(later & (days <= scene.trial.plan.horizon_days))


def _each(scene: Scene, bought: ir.Table, dealt: ir.Table) -> ir.Table:
    """(unit, treated, money) of those who bought again within the horizon."""
    after = _after(scene, bought, dealt)
    return after.group_by("unit", "treated").agg(money=total(after[scene.money]))


def uncounted(scene: Scene) -> Moments:
    """The same of what is no money: see ``counts``."""
    return counts(scene, _each_alone(scene.bought), _untreated(scene))[False]


def undivided(scene: Scene) -> Spend:
    """What all customers brought after their first order of those days, nobody being treated."""
    dealt = _untreated(scene)
    each = _each(scene, _each_alone(scene.bought), dealt)
    summed = each.aggregate(
        buyers=each.count(), money=total(each.money), squares=square_total(each.money)
    )
    (row,) = warehouse().engine.rows(summed)
    n = _numbers(dealt).get(False, 0)
    return Spend(n, row["buyers"], row["money"] or 0, row["squares"] or 0.0)


def _untreated(scene: Scene) -> ir.Table:
    firsts = _firsts(scene, _each_alone(scene.ordered))
    return scene.holding.hold(firsts.mutate(treated=ibis.literal(value=False)))


def _dealt_anew(scene: Scene, each: ir.Table, spends: list[Spend]) -> float:
    """p of "it changed nobody" with the lot dealt anew; the same each time, as the lot is."""
    found = warehouse().engine.arrow(each.order_by("unit").select("treated", "money"))
    treated = found["treated"].to_numpy(zero_copy_only=False).astype(np.bool_)
    spent = found["money"].to_numpy(zero_copy_only=False)
    rng = np.random.default_rng(list(scene.trial.salt.encode()))
    return permutation(spent[~treated], spent[treated], (spends[0].n, spends[1].n), rng)


def _numbers(rows: ir.Table) -> dict[bool, int]:
    counted = rows.group_by("treated").agg(n=rows.count())
    return {row["treated"]: row["n"] for row in warehouse().engine.rows(counted)}
