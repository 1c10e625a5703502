"""The warehouse adds up what messages or arms beside each other brought, each over its own days."""

from __future__ import annotations

from typing import Any, Final

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from joren.measure.experiments.rules import Arm
from joren.measure.experiments.selectors.counting import dated, net_orders, sums_by
from joren.plumbing.warehouse import warehouse
from joren.science.inference import Spend
from joren.warehouse import Snapshot
from joren.warehouse.sums import number_of, total

_SUMS: Final = (
    "ordered", "buyers", "orders", "revenue", "revenue_squares", "profit", "profit_squares",
    "uncosted", "uncosted_revenue",
)  # fmt: skip


def arms_of(drawn: pa.Table, number: int, snapshot: Snapshot) -> list[Arm]:
    """So many arms, of (customer_id, variant from 1 on, first_on, last_on), each customer once:
    what they bought from their first to their last day. Where ``since`` says the moment at which
    they came, then after it."""
    sizes = [
        drawn.filter(pc.equal(drawn["variant"], place)).num_rows for place in range(1, number + 1)
    ]
    rows = _sums(drawn, snapshot) if drawn.num_rows else {}
    return [_arm(size, rows.get(place, {})) for place, size in enumerate(sizes, 1)]


def _sums(drawn: pa.Table, snapshot: Snapshot) -> dict[int, dict[str, Any]]:
    house = warehouse()
    with house.engine.session() as holding:
        people = holding.take(drawn).rename(start="first_on")
        if "since" not in people.columns:
            people = people.mutate(since=ibis.null("timestamp('UTC')"))
        theirs = dated(net_orders(snapshot), people)
        within = theirs.filter((theirs.age >= 0) & (theirs.ordered_on <= theirs.last_on))
        each = within.group_by("customer_id", "variant").agg(
            orders=total(within.orders),
            revenue=total(within.revenue),
            profit=total(within.profit),
            uncosted=number_of(~within.costed),
            uncosted_revenue=total(within.costed.ifelse(0, within.revenue)),
        )
        summed = sums_by(each, "variant")
        return {row["variant"]: dict(row) for row in house.engine.rows(summed)}


def _arm(customers: int, sums: dict[str, Any]) -> Arm:
    said = dict.fromkeys(_SUMS, 0) | sums
    return Arm(
        customers, said["orders"], said["uncosted"], said["uncosted_revenue"],
        Spend(customers, said["buyers"], said["revenue"], said["revenue_squares"]),
        Spend(customers, said["ordered"], said["profit"], said["profit_squares"]),
    )  # fmt: skip
