"""Each customer or household once, by the first order of the trial; what comes after it counts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.collect.customers import selectors as customers
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import unit_of
from joren.measure.trials.contracts import BY_CUSTOMERS, BY_ORDERS, TrialSide
from joren.measure.trials.rules import dealing, telling
from joren.measure.trials.selectors.scene import Scene, given
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend, permutation, wants_permutation
from joren.warehouse.sums import square_total, total

Sides = tuple[TrialSide, TrialSide]


def by_orders(scene: Scene, teller: telling.Teller) -> tuple[Sides, telling.Said]:
    """The lot of a customer's first order decides on which side they are."""
    bought = scene.bought.mutate(unit=scene.bought.customer_id)
    firsts = warehouse().engine.arrow(_firsts(scene, bought))
    drawn = dealing.drawn(firsts["order_id"].to_numpy().astype(np.int64), scene.trial.salt)
    dealt = scene.holding.take(firsts.append_column("treated", pa.array(drawn)))
    return _told(scene, bought, dealt, dealt, BY_ORDERS, teller)


def by_customers(scene: Scene, teller: telling.Teller) -> tuple[Sides, telling.Said]:
    """The lot of the household, by the log: all of them are on one side with all their orders."""
    people = scene.holding.take(_drawn(scene.trial.holdout or 0))
    bought = scene.bought.inner_join(people.select("customer_id", "unit"), "customer_id")
    arms = people.select("unit", "treated").distinct()
    dealt = scene.holding.hold(_firsts(scene, bought).inner_join(arms, "unit"))
    theirs = _within(scene, bought).inner_join(arms, "unit")
    return _told(scene, bought, dealt, theirs, BY_CUSTOMERS, teller)


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


def _within(scene: Scene, bought: ir.Table) -> ir.Table:
    plan = scene.trial.plan
    return bought.filter((bought.ordered_on >= plan.first) & (bought.ordered_on <= plan.last))


def _firsts(scene: Scene, bought: ir.Table) -> ir.Table:
    """(unit, customer_id, order_id, since, since_on) of each unit's first order of the trial."""
    order = ibis.window(group_by="unit", order_by=["ordered_at", "order_id"])
    ranked = _within(scene, bought).mutate(here=ibis.row_number().over(order))
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


def _each(scene: Scene, bought: ir.Table, dealt: ir.Table) -> ir.Table:
    """(unit, treated, money) of those who bought again within the horizon."""
    began = dealt.select("unit", "treated", "since", "since_on", first_order=dealt.order_id)
    theirs = bought.inner_join(began, "unit")
    days = theirs.ordered_on.delta(theirs.since_on, unit="day")
    later = (theirs.order_id != theirs.first_order) & (theirs.ordered_at >= theirs.since)
    after = theirs.filter(later & (days <= scene.trial.plan.horizon_days))
    return after.group_by("unit", "treated").agg(money=total(after[scene.money]))


def undivided(scene: Scene) -> Spend:
    """What all customers brought after their first order of those days, nobody being treated."""
    bought = scene.bought.mutate(unit=scene.bought.customer_id)
    dealt = scene.holding.hold(_firsts(scene, bought).mutate(treated=ibis.literal(value=False)))
    each = _each(scene, bought, dealt)
    summed = each.aggregate(
        buyers=each.count(), money=total(each.money), squares=square_total(each.money)
    )
    (row,) = warehouse().engine.rows(summed)
    n = _numbers(dealt).get(False, 0)
    return Spend(n, row["buyers"], row["money"] or 0, row["squares"] or 0.0)


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
