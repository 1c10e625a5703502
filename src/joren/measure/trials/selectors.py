"""Questions about trials: which there are, what is done with an order, and what they say."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Max

from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as orders
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments.selectors import profit_is_known, with_margin
from joren.measure.practices import selectors as practices
from joren.measure.trials import models
from joren.measure.trials.contracts import (
    NoSuchTrial,
    Period,
    Trial,
    TrialArm,
    TrialPlan,
    TrialResult,
    TrialSide,
)
from joren.measure.trials.rules import dealing, telling
from joren.plumbing.bulk import columns_of
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend
from joren.warehouse import Holding, Snapshot
from joren.warehouse.sums import number_of, square_total, total

_BASELINE_DAYS = 365


def trials(practice: str = "") -> list[Trial]:
    """All of them, or those of one practice, the one that begins last first."""
    rows = models.Trial.objects.annotate(n=Count("exposures"))
    if practice:
        rows = rows.filter(practice=practice)
    return [_read(row) for row in rows.order_by("-first", "-pk")]


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


def arm(
    one: Trial, *, store: str, order_number: str, today: date, on: date | None = None
) -> TrialArm:
    """What is done with that order, asked while it is packed, which may be days after.

    What counts is the day of the order: as somebody says it (``on``), else as the order itself,
    if it has come in; of one that is not known it is today's.
    """
    plan = one.plan
    number = orders.order_id_of(_store(store), order_number) if order_number else None
    if on is None and number is not None:
        on = orders.ordered_on(warehouse(), number)
    on = on or today
    if plan.unit == "order":
        number = orders.order_id_of(_store(store), order_number) if number is None else number
        (treated,) = dealing.drawn(np.array([number], np.int64), one.salt).tolist()
        inside = plan.first <= on <= plan.last
        return TrialArm(treated and inside, inside)
    here = _store(store) if plan.unit == "store" else None
    for period in schedule(one):
        if period.store == here and period.first <= on <= period.last:
            return TrialArm(period.treated, on >= period.counted_from)
    return TrialArm(treated=False, counts=False)


def read(one: Trial, snapshot: Snapshot) -> TrialResult:
    """With the practice beside without; it is read once, when its days are over."""
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
    )  # fmt: skip


def _unread(side: TrialSide) -> TrialSide:
    return replace(side, amount=None)


def _said_so_far(one: Trial) -> Hashable:
    """Changes with every word on who got it, and with who is one person: what is counted by them
    is then counted anew."""
    if not one.exposures:
        return None
    moved = customers.merged()
    people = tuple(hash(moved[name].to_numpy().tobytes()) for name in moved.column_names)
    newest = models.Exposure.objects.filter(trial_id=one.id).aggregate(at=Max("said_at"))
    return one.exposures, newest["at"], people


def _counted(
    one: Trial, snapshot: Snapshot, teller: telling.Teller
) -> tuple[bool, tuple[TrialSide, TrialSide], telling.Said]:
    house = warehouse()
    with house.engine.session() as holding:
        bought = with_margin(house.snapshots.table(snapshot.id, PURCHASED))
        scene = _Scene(one, snapshot, holding, bought, _costed(one, bought))
        by_unit = _by_orders if one.plan.unit == "order" else _by_periods
        return scene.costed, *by_unit(scene, teller)


@dataclass(frozen=True)
class _Scene:
    trial: Trial
    snapshot: Snapshot
    holding: Holding
    bought: ir.Table
    costed: bool

    @property
    def money(self) -> str:
        return "profit" if self.costed else "revenue"


def _costed(one: Trial, bought: ir.Table) -> bool:
    """Profit counts where the cost of most orders since the trial began is known."""
    theirs = bought.filter(bought.ordered_on >= one.plan.first)
    (row,) = warehouse().engine.rows(
        theirs.aggregate(
            known=total(theirs.costed.ifelse(theirs.revenue, 0)), revenue=total(theirs.revenue)
        )
    )
    return profit_is_known(row["known"] or 0, row["revenue"] or 0)


def _by_orders(
    scene: _Scene, teller: telling.Teller
) -> tuple[tuple[TrialSide, TrialSide], telling.Said]:
    """Each customer once, by the first order of the trial; what comes after it counts."""
    plan, bought, engine = scene.trial.plan, scene.bought, warehouse().engine
    within = bought.filter((bought.ordered_on >= plan.first) & (bought.ordered_on <= plan.last))
    order = ibis.window(group_by="customer_id", order_by=["ordered_at", "order_id"])
    ranked = within.mutate(place=ibis.row_number().over(order))
    firsts = ranked.filter(ranked.place == 0).select(
        "customer_id", "order_id", "ordered_at", "ordered_on"
    )
    known = engine.arrow(firsts)
    treated = dealing.drawn(known["order_id"].to_numpy().astype(np.int64), scene.trial.salt)
    drawn = scene.holding.take(
        known.rename_columns(["customer_id", "first_order", "since", "since_on"]).append_column(
            "treated", pa.array(treated)
        )
    )
    theirs = bought.inner_join(drawn, "customer_id")
    days = theirs.ordered_on.delta(theirs.since_on, unit="day")
    after = theirs.filter(
        (theirs.order_id != theirs.first_order) & (theirs.ordered_at >= theirs.since)
        & (days <= plan.horizon_days)
    )  # fmt: skip
    each = after.group_by("customer_id", "treated").agg(
        money=total(after[scene.money]), orders=after.count()
    )
    summed = each.group_by("treated").agg(
        buyers=each.count(), money=total(each.money), squares=square_total(each.money)
    )
    sums = {row["treated"]: row for row in engine.rows(summed)}
    given = _given(scene, drawn.select("customer_id", "treated", order_id=drawn.first_order))
    sides, spends = [], []
    for arm_ in (False, True):
        n, row = int((treated == arm_).sum()), sums.get(arm_, {})
        sides.append(TrialSide(arm_, n, n, row.get("money", 0), given.get(arm_)))
        spends.append(Spend(n, row.get("buyers", 0), row.get("money", 0), row.get("squares", 0.0)))
    return (sides[0], sides[1]), telling.by_orders(spends[0], spends[1], teller)


def _by_periods(
    scene: _Scene, teller: telling.Teller
) -> tuple[tuple[TrialSide, TrialSide], telling.Said]:
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
    given = _given(scene, theirs.select("customer_id", "treated", "order_id"))
    sides = [
        TrialSide(
            arm_, sum(each.treated is arm_ for each in dealt),
            sum(sums.get(place, {}).get("orders", 0)
                for place, each in enumerate(dealt) if each.treated is arm_),
            sum(amount for amount, each in zip(amounts, dealt, strict=True)
                if each.treated is arm_),
            given.get(arm_),
        )
        for arm_ in (False, True)
    ]  # fmt: skip
    said = telling.by_periods(dealt, _used_to(scene, dealt), amounts, teller)
    return (sides[0], sides[1]), said


def _used_to(scene: _Scene, dealt: Sequence[Period]) -> list[float]:
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


def _given(scene: _Scene, counted: ir.Table) -> dict[bool, float]:
    """Of the orders of each side, the share that is said to have got it, where anything is said.

    What is said of a customer holds of all their orders of the trial.
    """
    parts = [*columns_of(models.Exposure, ["kind", "number", "given"],
                         where=f"trial_id = {scene.trial.id:d}")]  # fmt: skip
    if not parts:
        return {}
    said = pa.concat_tables(parts)
    moved = customers.merged()
    now = moved["now"].take(pc.index_in(said["number"], value_set=moved["customer_id"]))
    people = pc.equal(said["kind"], "customer")
    said = said.set_column(
        said.schema.get_field_index("number"),
        "number",
        pc.if_else(people, pc.coalesce(now, said["number"]), said["number"]),
    )
    every = scene.holding.take(said)
    yes = every.filter(every.given)
    by_order = yes.filter(yes.kind == "order").select(order_id=yes.number).distinct()
    people = yes.filter(yes.kind == "customer").select(customer_id=yes.number).distinct()
    got = counted.left_join(by_order, "order_id").mutate(by_order=ibis._.order_id_right.notnull())
    got = got.select("customer_id", "treated", "by_order").left_join(people, "customer_id")
    summed = got.group_by("treated").agg(
        n=got.count(), given=number_of(got.by_order | got.customer_id_right.notnull())
    )
    return {row["treated"]: row["given"] / row["n"] for row in warehouse().engine.rows(summed)}


def _cost(one: Trial, sides: tuple[TrialSide, TrialSide]) -> int | None:
    """What one costs, times how many more of the counted orders got it with the practice than as
    many without it would have: the gain is of these alone."""
    each = practices.practice(one.plan.practice).text.cost
    without, with_it = sides
    if each is None or with_it.given is None:
        return None
    return round(each * (with_it.given - (without.given or 0.0)) * with_it.orders)


def _store(name: str) -> int:
    found = next((int(each.id) for each in customers.stores() if each.name == name), None)
    if found is None:
        raise NoSuchTrial(f"there is no store {name!r}", hint="as the imports name it")
    return found


def _read(row: models.Trial) -> Trial:
    plan = TrialPlan(
        row.practice, row.unit,  # type: ignore[arg-type]  # constrained
        row.first, row.last, row.horizon_days, row.period_days, row.washout_days,
    )  # fmt: skip
    return Trial(row.pk, plan, row.salt, row.drawn_at, row.drawn_by, row.n)  # type: ignore[attr-defined]
