"""A trial beside what was bought, and who is said to have got the practice."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as orders
from joren.collect.orders.contracts import ORDERS, REFUNDS, SUPERSEDED
from joren.decide.segments.contracts import IDENTITIES, PURCHASED
from joren.measure.experiments.selectors import profit_is_known, with_margin
from joren.measure.trials import models
from joren.measure.trials.contracts import Trial
from joren.plumbing.bulk import columns_of
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Holding, Snapshot
from joren.warehouse.sums import number_of, total


@dataclass(frozen=True)
class Scene:
    """Everything by which a trial is read."""

    trial: Trial
    snapshot: Snapshot
    holding: Holding
    bought: ir.Table
    costed: bool
    ordered: ir.Table  # by which customers come in, whatever became of it: see ``ordered``

    @property
    def metric(self) -> Literal["profit", "revenue"]:
        return "profit" if self.costed else "revenue"

    @property
    def money(self) -> str:
        """The column of what counts."""
        return self.metric


def given(scene: Scene, counted: ir.Table) -> dict[bool, float]:
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
    of_people = pc.equal(said["kind"], "customer")
    said = said.set_column(
        said.schema.get_field_index("number"),
        "number",
        pc.if_else(of_people, pc.coalesce(now, said["number"]), said["number"]),
    )
    every = scene.holding.take(said)
    yes = every.filter(every.given)
    by_order = yes.filter(yes.kind == "order").select(order_id=yes.number).distinct()
    those = yes.filter(yes.kind == "customer").select(customer_id=yes.number).distinct()
    got = counted.left_join(by_order, "order_id").mutate(by_order=ibis._.order_id_right.notnull())
    got = got.select("customer_id", "treated", "by_order").left_join(those, "customer_id")
    summed = got.group_by("treated").agg(
        n=got.count(), given=number_of(got.by_order | got.customer_id_right.notnull())
    )
    return {row["treated"]: row["given"] / row["n"] for row in warehouse().engine.rows(summed)}


def scene_of(trial: Trial, snapshot: Snapshot, holding: Holding) -> Scene:
    """With the orders that its metric counts: what comes back is no purchase any more."""
    bought = with_margin(warehouse().snapshots.table(snapshot.id, PURCHASED))
    costed = is_costed(bought, trial.plan.first)
    if trial.plan.metric == "returns":
        bought = placed(snapshot)
    return Scene(trial, snapshot, holding, bought, costed, ordered(snapshot))


def ordered(snapshot: Snapshot) -> ir.Table:
    """(customer_id, order_id, ordered_on, ordered_at) of all orders up to the day of the snapshot,
    also of those that were cancelled or came back since: a practice may change what becomes of an
    order, and whoever counts only by the orders that were kept has chosen by it. Samples that cost
    nothing are no orders."""
    every = orders.orders(warehouse())
    theirs = every.filter(every.ordered_on <= snapshot.as_of, ~every.free.fill_null(False))
    whose = warehouse().snapshots.table(snapshot.id, IDENTITIES)
    return theirs.inner_join(whose, "identity_id").select(
        "customer_id", "order_id", "ordered_on", "ordered_at"
    )


def placed(snapshot: Snapshot) -> ir.Table:
    """(customer_id, order_id, ordered_on, ordered_at, store_id, returned) of all orders up to the
    day of the snapshot but those that were cancelled; ``returned`` 1 where any of it was given back
    by then. What an order says of itself has no day: it is as of now (``placed_from``)."""
    house = warehouse()
    every = orders.orders(house)
    kept = every.filter(every.status != "cancelled", every.ordered_on <= snapshot.as_of)
    refunds = orders.refunds(house)
    theirs = refunds.filter(refunds.order_id.notnull(), refunds.refunded_on <= snapshot.as_of)
    back = theirs.select(refunded_order=theirs.order_id)
    whose = house.snapshots.table(snapshot.id, IDENTITIES)
    both = kept.inner_join(whose, "identity_id")
    told = both.left_join(back.distinct(), both.order_id == back.distinct().refunded_order)
    gone = (told.status == "returned") | told.refunded_order.notnull() | (told.refunded > 0)
    return told.mutate(returned=gone.ifelse(1, 0).fill_null(0)).select(
        "customer_id", "order_id", "ordered_on", "ordered_at", "store_id", "returned"
    )


def placed_from() -> Hashable:
    """Changes with the facts by which orders are told: they are of no snapshot."""
    lake = warehouse().lake
    return tuple(lake.files(spec) for spec in (ORDERS, REFUNDS, SUPERSEDED))


def is_costed(bought: ir.Table, since: date) -> bool:
    """Profit counts where the cost of most orders since then is known."""
    theirs = bought.filter(bought.ordered_on >= since)
    (row,) = warehouse().engine.rows(
        theirs.aggregate(
            known=total(theirs.costed.ifelse(theirs.revenue, 0)), revenue=total(theirs.revenue)
        )
    )
    return profit_is_known(row["known"] or 0, row["revenue"] or 0)
