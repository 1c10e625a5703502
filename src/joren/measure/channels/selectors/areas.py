"""What areas bring, and what a test of them could see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from joren.collect.customers.contracts import TRAITS
from joren.decide.segments.contracts import CREDITED, PURCHASED
from joren.measure.channels.contracts import (
    SHORTEST_BEFORE,
    YEAR,
    AreaDesign,
    AreaSum,
    AreaUnit,
    ChannelMetric,
)
from joren.measure.channels.rules import areas, dealing, telling
from joren.measure.experiments.selectors import net_orders, profit_is_known
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Snapshot
from joren.warehouse.sums import total


@dataclass(frozen=True)
class DaySum:
    """What the customers of one prefecture (as their addresses say it) brought on one day."""

    prefecture: str | None
    day: date
    revenue: int
    profit: int
    known: int  # revenue of orders whose cost is known


def daily(snapshot: Snapshot, first: date, last: date) -> list[DaySum]:
    """By prefecture and day, both days included, counted once for each snapshot. Where somebody
    lives is what was known at its refresh."""
    specs, what = (PURCHASED, CREDITED, TRAITS), ("channels", "daily", first, last)
    return warehouse().snapshots.once(
        snapshot.id, specs, what, lambda: _daily(snapshot, first, last)
    )


def _daily(snapshot: Snapshot, first: date, last: date) -> list[DaySum]:
    house = warehouse()
    bought = net_orders(snapshot)
    bought = bought.filter((bought.ordered_on >= first) & (bought.ordered_on <= last))
    homes = house.snapshots.table(snapshot.id, TRAITS).select("customer_id", "prefecture")
    both = bought.left_join(homes, "customer_id")
    summed = both.group_by("prefecture", "ordered_on").agg(
        revenue=total(both.revenue),
        profit=total(both.profit),
        known=total(both.costed.ifelse(both.revenue, 0)),
    )
    return [
        DaySum(row["prefecture"] or None, row["ordered_on"], row["revenue"], row["profit"],
               row["known"])
        for row in house.engine.rows(summed)
    ]  # fmt: skip


def metric_of(rows: Iterable[DaySum]) -> ChannelMetric:
    """Profit where the cost of most is known; the margin of these stands for the rest."""
    every = list(rows)
    known, revenue = sum(one.known for one in every), sum(one.revenue for one in every)
    return "profit" if profit_is_known(known, revenue) else "revenue"


def sold_by_area(
    rows: Iterable[DaySum], unit: AreaUnit, metric: ChannelMetric, first: date, last: date
) -> dict[str, int]:
    """Minor units by area between two days."""
    return areas.summed(
        (
            (one.prefecture, one.profit if metric == "profit" else one.revenue)
            for one in rows
            if one.prefecture is not None and first <= one.day <= last
        ),
        unit,
    )


def sold_now(snapshot: Snapshot, unit: AreaUnit) -> dict[str, int]:
    """Revenue by area of the last 365 days: by this areas are put into pairs."""
    first = snapshot.as_of - YEAR + timedelta(days=1)
    rows = daily(snapshot, first, snapshot.as_of)
    return sold_by_area(rows, unit, "revenue", first, snapshot.as_of)


def design(snapshot: Snapshot, unit: AreaUnit, days: int) -> AreaDesign:
    """What a test of so many days (with the days afterwards) could see, if it began now."""
    dealing.check_days(days)
    as_of, long = snapshot.as_of, max(days, SHORTEST_BEFORE)
    since = as_of - timedelta(days=days - 1)
    first = since - timedelta(days=long)
    rows = daily(snapshot, first, as_of)
    metric = metric_of(rows)
    was = sold_by_area(rows, unit, metric, first, since - timedelta(days=1))
    came = sold_by_area(rows, unit, metric, since, as_of)
    paired = dealing.pairs(sold_now(snapshot, unit))
    sums = [
        AreaSum(name, place == 0, max(was.get(name, 0), 0), came.get(name, 0))
        for pair in paired
        for place, name in enumerate(pair)
    ]
    blocks: Sequence[int] = [block for block in range(len(paired)) for _ in range(2)]
    return telling.design_of(unit, days, sums, blocks, teller_of(snapshot))


def teller_of(snapshot: Snapshot) -> telling.Teller:
    """In the currency of the snapshot, of its day."""
    return telling.Teller(str(snapshot.settings.get("currency") or ""), snapshot.as_of.isoformat())
