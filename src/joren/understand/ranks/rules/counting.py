"""What groups of customers add up to. Small answers, cut from the ranks in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir

from joren.understand.ranks.contracts import WAYS, ParetoPoint, RankMove
from joren.warehouse.sums import number_of, square_total, total

PARETO_POINTS = 100


def totals(ranks: ir.Table, by: Sequence[str]) -> ir.Table:
    """Customers, revenue and purchases of each group."""
    summed = ranks.group_by(list(by)).agg(
        customers=ibis._.count(),
        revenue=total(ranks.revenue),
        revenue_squares=square_total(ranks.revenue),
        purchases=total(ranks.purchases),
        purchase_squares=square_total(ranks.purchases),
    )
    return summed.order_by(list(by))


def pareto_parts(ranks: ir.Table) -> ir.Table:
    """Revenue of each hundredth of the customers, the best first."""
    known = ranks.filter(ranks.place.notnull())
    part = ((known.place * PARETO_POINTS) // known.ranked).cast("int64")
    return (
        known.group_by(part=part)
        .agg(customers=ibis._.count(), revenue=total(known.revenue))
        .order_by("part")
    )


def pareto(parts: Iterable[Mapping[str, int]]) -> tuple[ParetoPoint, ...]:
    """The curve, from hundredths in order."""
    rows = list(parts)
    everyone = sum(row["customers"] for row in rows)
    whole = sum(row["revenue"] for row in rows)
    points: list[ParetoPoint] = []
    customers = revenue = 0
    for row in rows:
        customers += row["customers"]
        revenue += row["revenue"]
        share = revenue / whole if whole > 0 else None
        points.append(ParetoPoint(customers, customers / everyone, revenue, share))
    return tuple(points)


def sales_of_vips(ranks: ir.Table) -> ir.Table:
    """One row: who is VIP, who came and went, and what they bought within the year."""
    year = ranks.year_revenue.fill_null(0)
    return ranks.agg(
        vips=number_of(ranks.vip),
        entered=number_of(ranks.vip & ~ranks.was_vip),
        left=number_of(~ranks.vip & ranks.was_vip),
        sales=total(year),
        vip_sales=total(year, where=ranks.vip),
    )


def paired(before: ir.Table, after: ir.Table) -> ir.Table:
    """How many customers have which ranks of both dates; null where not there at one of them."""
    old = before.select("customer_id", **{f"before_{way}": before[way] for way in WAYS})
    new = after.select("customer_id", **{f"after_{way}": after[way] for way in WAYS})
    pairs = old.outer_join(new, "customer_id")
    names = [f"{date}_{way}" for way in WAYS for date in ("before", "after")]
    return pairs.group_by(names).agg(customers=pairs.count())


def moves(pairs: ir.Table, way: str) -> ir.Table:
    """How many went from where to where."""
    ends = {date: pairs[f"{date}_{way}"].cast("string") for date in ("before", "after")}
    return pairs.group_by(**ends).agg(customers=total(pairs.customers)).order_by([*ends])


def as_moves(rows: Iterable[Mapping[str, str | int | None]]) -> tuple[RankMove, ...]:
    return tuple(RankMove(**row) for row in rows)  # type: ignore[arg-type]  # as `moves` selects them
