"""The warehouse adds up both arms, over as many stretches of days as are asked, in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import CREDITED, PURCHASED
from joren.measure.experiments.rules import Arm, Compared
from joren.measure.experiments.rules.adjusting import BEFORE_DAYS, LATELY_DAYS
from joren.measure.experiments.rules.comparing import ENOUGH_KNOWN
from joren.plumbing.warehouse import warehouse
from joren.science.arrays import Floats
from joren.science.inference import Spend, pairs, permutation, wants_permutation
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, product_total, square_total, total

UNTIL_NOW: Final = 0
"""The stretch from each customer's first day to the newest figures, of everybody."""

_SUMS: Final = (
    "ordered", "buyers", "orders", "revenue", "revenue_squares", "profit", "profit_squares",
    "uncosted", "uncosted_revenue",
)  # fmt: skip


def counted(
    one: Holdout, drawn: pa.Table, snapshot: Snapshot, stretches: Sequence[int]
) -> dict[int, Compared]:
    """Both arms over the first so many days of those who have had them; 0 is until now."""
    house = warehouse()
    with house.engine.session() as holding:
        lengths = holding.take(pa.table({"stretch": pa.array(stretches, pa.int64())}))
        each = holding.hold(_bought(holding.take(drawn), lengths, snapshot))
        rows = {
            (row["stretch"], row["held_out"]): row
            for row in house.engine.rows(sums_by(each, "stretch", "held_out"))
        }
        return {
            length: _compared(one, each, length, rows, customers)
            for length, customers in _sizes(drawn, stretches).items()
        }


def _bought(drawn: ir.Table, lengths: ir.Table, snapshot: Snapshot) -> ir.Table:
    """What each household that bought anything bought in each stretch that it has had."""
    theirs = dated(net_orders(snapshot), drawn)
    since = theirs.filter((theirs.age >= 0) & (theirs.ordered_on <= theirs.last))
    aged = since.mutate(
        lived=since["last"].delta(since.start, unit="day").cast("int64") + 1,
    ).select("unit", "held_out", "age", "lived", "orders", "revenue", "profit", "costed")
    by_length = aged.cross_join(lengths)
    within = (by_length.age < by_length.stretch) & (by_length.lived >= by_length.stretch)
    counted = by_length.filter((by_length.stretch == UNTIL_NOW) | within)
    return counted.group_by("unit", "held_out", "stretch").agg(
        orders=total(counted.orders),
        revenue=total(counted.revenue),
        profit=total(counted.profit),
        uncosted=number_of(~counted.costed),
        uncosted_revenue=total(counted.costed.ifelse(0, counted.revenue)),
    )


def bought_by(drawn: ir.Table, snapshot: Snapshot) -> ir.Table:
    """What each customer who ever bought bought in their days, revenue and profit; and COVARIATES,
    of the days before them."""
    aged = dated(net_orders(snapshot), drawn)
    since = (aged.age >= 0) & (aged.ordered_on <= aged["last"])
    return aged.group_by("customer_id").agg(
        revenue=total(since.ifelse(aged.revenue, 0)), profit=total(since.ifelse(aged.profit, 0)),
        **before_of(aged),
    )  # fmt: skip


def dated(bought: ir.Table, drawn: ir.Table) -> ir.Table:
    """The orders of who was drawn, with ``age``: the days since their first one, below 0 before it.

    What was bought on the first day before the moment of the lot, where it has one (``since``), is
    of before: whoever comes by an order has placed it in either arm, whatever is done then.
    """
    theirs = bought.inner_join(drawn, "customer_id")
    age = theirs.ordered_on.delta(theirs.start, unit="day").cast("int64")
    brought_them = (age == 0) & (theirs.ordered_at <= theirs.since).fill_null(False)
    return theirs.mutate(age=brought_them.ifelse(-1, age))


def before_of(aged: ir.Table) -> Mapping[str, ir.IntegerScalar]:
    """COVARIATES of rows that are ``dated``."""
    before = (aged.age < 0) & (aged.age >= -BEFORE_DAYS)
    lately = (aged.age < 0) & (aged.age >= -LATELY_DAYS)
    return {
        "before_revenue": total(before.ifelse(aged.revenue, 0)),
        "before_orders": total(before.ifelse(aged.orders, 0)),
        "before_lately": total(lately.ifelse(aged.orders, 0)),
    }


def moments_by_arm(
    each: ir.Table, columns: Sequence[str], covariates: Sequence[str], **more: ir.Scalar
) -> dict[bool, dict[str, Any]]:
    """The sums of each arm's rows and of their products, as ``Moments.of_row`` reads them."""
    sums = {name: total(each[name]) for name in (*columns, *covariates)} | {
        f"{one}*{other}": product_total(each[one], each[other])
        for one, other in pairs(columns, covariates)
    }
    rows = warehouse().engine.rows(each.group_by("held_out").agg(**more, **sums))
    return {row["held_out"]: row for row in rows}


def with_margin(bought: ir.Table) -> ir.Table:
    """An order whose cost is not known has the margin of those whose cost is, in both arms alike:
    nobody's arm decides it.

    The cost is that of the goods, of shipping and of payment. One that an order does not say is not
    0: whatever brings orders would be praised for it.
    """
    costed = bought.profit.notnull() & bought.complete.fill_null(True)
    known = bought.filter(costed)
    (row,) = warehouse().engine.rows(
        known.aggregate(profit=total(known.profit), revenue=total(known.revenue))
    )
    margin = row["profit"] / row["revenue"] if row["revenue"] else 0.0
    guessed = (bought.revenue * margin).round().cast("int64")
    return bought.mutate(costed=costed, profit=costed.ifelse(bought.profit, guessed))


def net_orders(snapshot: Snapshot) -> ir.Table:
    """The orders ``with_margin`` (``orders`` 1), and beside them what was given back by credit
    notes that name none (0), on its day: it reduces what a customer brought by as much as in every
    other report."""
    bought = with_margin(warehouse().snapshots.table(snapshot.id, PURCHASED))
    credited = warehouse().snapshots.table(snapshot.id, CREDITED)
    given = credited.select(
        "customer_id", ordered_on=credited.credited_on, ordered_at=ibis.null("timestamp('UTC', 6)"),
        revenue=-credited.amount, profit=-credited.amount, costed=ibis.literal(True),
        with_coupon=ibis.literal(False), orders=ibis.literal(0, "int64"),
    )  # fmt: skip
    every = bought.mutate(orders=ibis.literal(1, "int64"))
    return every.select(given.columns).union(given)


def profit_is_known(known: float, revenue: float) -> bool:
    """Does the revenue of orders whose cost is known suffice to speak of profit?"""
    return 0 < ENOUGH_KNOWN * revenue <= known


def sums_by(each: ir.Table, *keys: str) -> ir.Table:
    """Of customers with what each brought: the sums that an arm is read by."""
    return each.group_by(*keys).agg(
        ordered=each.count(),
        buyers=number_of(each.revenue > 0),
        orders=total(each.orders),
        revenue=total(each.revenue),
        revenue_squares=square_total(each.revenue),
        profit=total(each.profit),
        profit_squares=square_total(each.profit),
        uncosted=total(each.uncosted),
        uncosted_revenue=total(each.uncosted_revenue),
    )


def _sizes(drawn: pa.Table, stretches: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Households treated and left out of which somebody has had so many days."""
    units = drawn["unit"].to_numpy()
    held = drawn["held_out"].to_numpy(zero_copy_only=False).astype(np.bool_)
    starts, lasts = (drawn[name].cast(pa.int32()).to_numpy() for name in ("start", "last"))
    lived = lasts - starts + 1
    ripe = {length: (lived >= length) | (length == UNTIL_NOW) for length in stretches}
    return {
        length: (np.unique(units[have & ~held]).size, np.unique(units[have & held]).size)
        for length, have in ripe.items()
    }


def _compared(
    one: Holdout, each: ir.Table, length: int, rows: Mapping[tuple[int, bool], Mapping[str, Any]],
    customers: tuple[int, int],
) -> Compared:  # fmt: skip
    none = dict.fromkeys(_SUMS, 0)
    treated, control = (
        _arm(size, rows.get((length, held), none))
        for size, held in zip(customers, (False, True), strict=True)
    )
    found = Compared(treated, control)
    pairs = ((control.revenue, treated.revenue), (control.profit, treated.profit))
    few = [min(customers) > 0 and wants_permutation(*pair) for pair in pairs]
    if not any(few):
        return found
    sizes = (float(control.customers), float(treated.customers))
    spent = _spent(each, length)
    return Compared(
        treated, control,
        _dealt_anew(one, spent["revenue"], spent["held_out"], sizes, spent["revenue"] != 0)
        if few[0] else None,
        _dealt_anew(one, spent["profit"], spent["held_out"], sizes)
        if few[1] and found.costed else None,
    )  # fmt: skip


def _arm(customers: int, sums: Mapping[str, Any]) -> Arm:
    return Arm(
        customers, sums["orders"], sums["uncosted"], sums["uncosted_revenue"],
        Spend(customers, sums["buyers"], sums["revenue"], sums["revenue_squares"]),
        Spend(customers, sums["ordered"], sums["profit"], sums["profit_squares"]),
    )  # fmt: skip


def _spent(each: ir.Table, length: int) -> dict[str, Any]:
    theirs = each.filter(each.stretch == length).order_by("unit")
    found = warehouse().engine.arrow(theirs.select("held_out", "revenue", "profit"))
    return {
        name: found[name].to_numpy(zero_copy_only=False)
        for name in ("held_out", "revenue", "profit")
    }


def _dealt_anew(
    one: Holdout, spent: Floats, held: Any, sizes: tuple[float, float], some: Any = None
) -> float:
    """p of "it changed nobody" with the arms dealt anew; the same each time, as the lot is."""
    held = held.astype(np.bool_)
    if some is not None:
        spent, held = spent[some], held[some]
    return permutation(spent[held], spent[~held], sizes, np.random.default_rng(one.lot))
