"""The questions to the warehouse: one row per day and store, and few rows at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from joren.collect.quality import rules
from joren.collect.quality.amounts import FINE
from joren.collect.quality.contracts import OF_FEEDS, OF_LINES

Rows = list[dict[str, Any]]
OF_AMOUNTS = ("tax", "shipping_borne", "payment_fee")
_CARRIED = {"identity": "identity_id", "order": "order_id"}


def kept(orders: ir.Table) -> ir.Table:
    """What the questions need of an order."""
    return orders.select(
        "order_id",
        "store_id",
        "order_number",
        "identity_id",
        "ordered_at",
        "ordered_on",
        "status",
        "channel",
        "source",
        "medium",
        "tax",
        "shipping_borne",
        "payment_fee",
        "total",
        "revenue",
        "unreconciled",
        "currency",
    )


def order_days(orders: ir.Table) -> ir.Table:
    """Orders by store, day and currency: what is filled, does not add up, is not settled yet."""
    return orders.group_by("store_id", "currency", day=orders.ordered_on).aggregate(
        n=orders.count(),
        unreconciled=(orders.unreconciled.fill_null(0) != 0).sum().cast("int64"),
        unsettled=orders.status.isin(rules.UNSETTLED).fill_null(False).sum().cast("int64"),
        **_filled(orders, "orders"),
    )


def line_groups(lines: ir.Table, orders: ir.Table, products: ir.Table) -> ir.Table:
    """Lines by store, day, currency and the classes of price and cost, to be held: the lines are
    looked up once. What the catalogue states of their products is not missing."""
    costs = products.select(costed="sku", catalogue="cost", listed="category")
    where = orders.select("order_id", "store_id", "ordered_on", "currency")
    placed = lines.select("order_id", *OF_LINES).inner_join(where, "order_id")
    known = placed.left_join(costs, placed.sku == costs.costed)
    known = known.mutate(
        category=ibis.coalesce(known.category, known.listed),
        unit_cost=ibis.coalesce(known.unit_cost, known.catalogue),
    )
    return known.group_by(
        "store_id",
        "currency",
        day=known.ordered_on,
        price_size=_class(known.unit_price),
        cost_size=_class(known.unit_cost),
    ).aggregate(n=known.count(), **_filled(known, "order_lines"))


def line_days(groups: ir.Table) -> ir.Table:
    """Lines by store and day."""
    counts = [name for name in groups.columns if name.startswith("has_")]
    return groups.group_by("store_id", "day").aggregate(
        **{name: groups[name].sum().cast("int64") for name in ("n", *counts)}
    )


def line_sizes(groups: ir.Table) -> ir.Table:
    """Lines by store, currency and the classes of their price and of their cost."""
    return groups.group_by(
        "store_id", "currency", unit_price=groups.price_size, unit_cost=groups.cost_size
    ).aggregate(n=groups.n.sum().cast("int64"))


def duplicates(orders: ir.Table) -> ir.Table:
    """Orders beyond the first of one customer at one moment with one total, by store."""
    known = orders.filter(orders.identity_id.notnull())
    return _beyond_the_first(known, "store_id", "identity_id", "ordered_at", "total", "currency")


def differences(orders: ir.Table) -> ir.Table:
    """The orders that miss their total by most."""
    off = orders.filter(orders.unreconciled != 0)
    return (
        off.order_by(ibis.desc(off.unreconciled.abs()), off.order_id)
        .limit(rules.LARGEST)
        .select("store_id", "order_number", "currency", by="unreconciled")
    )


def sources(orders: ir.Table) -> ir.Table:
    """Orders by store and source."""
    return orders.group_by("store_id", "source").aggregate(n=ibis._.count())


def sizes(rows: ir.Table, amount: str, *by: str) -> ir.Table:
    """Rows whose amount is above zero, by currency and class of amount, and by what else."""
    paid = rows.filter(rows[amount] > 0)
    return paid.group_by(*by, "currency", size=_class(paid[amount])).aggregate(n=ibis._.count())


def buyers(orders: ir.Table) -> ir.Table:
    """How many identities ordered, and how many on more than one day."""
    each = orders.filter(orders.identity_id.notnull()).group_by("identity_id")
    found = each.aggregate(first=ibis._.ordered_on.min(), last=ibis._.ordered_on.max())
    return found.aggregate(
        customers=found.count(),
        repeaters=(found.first < found.last).sum().fill_null(0).cast("int64"),
    )


def newcomers(orders: ir.Table, person_of: ir.Table) -> ir.Table:
    """Customers by store, with the day of their first order there."""
    known = orders.filter(orders.identity_id.notnull())
    each = known.group_by("store_id", "identity_id").aggregate(day=known.ordered_on.min())
    whose = each.inner_join(person_of, "identity_id")
    return whose.group_by("store_id", "customer_id").aggregate(day=whose.day.min())


def people_days(newcomers: ir.Table, people: ir.Table, as_of: date) -> ir.Table:
    """Those who bought at a store up to that day, by the day of their first order there."""
    came = newcomers.filter(newcomers.day <= as_of).inner_join(people, "customer_id")
    return _people(came, "store_id", "day")


def everybody_days(newcomers: ir.Table, people: ir.Table, as_of: date) -> ir.Table:
    """Those who came up to that day, by the day on which they registered, else ordered first; null:
    neither. ``newcomers`` has those who came later too: they are no people without a day."""
    first = newcomers.group_by("customer_id").aggregate(first=ibis._.day.min())
    every = people.left_join(first, "customer_id")
    every = every.mutate(day=ibis.coalesce(every.registered_on, every.first))
    return _people(every.filter((every.day <= as_of) | every.day.isnull()), "day")


def _people(people: ir.Table, *by: str) -> ir.Table:
    flags = [name for name in people.columns if name.startswith(("has_", "twice_", "odd_"))]
    return people.group_by(*by).aggregate(
        n=people.count(), **{name: people[name].sum().cast("int64") for name in flags}
    )


def refund_days(refunds: ir.Table) -> ir.Table:
    """Refunds by store and day."""
    return refunds.group_by("store_id", day=refunds.refunded_on).aggregate(
        n=refunds.count(), **_filled(refunds, "refunds")
    )


def refund_doubles(refunds: ir.Table) -> ir.Table:
    """Refunds beyond the first of one order, day and amount, by store."""
    named = refunds.filter(refunds.order_id.notnull())
    return _beyond_the_first(named, "store_id", "order_id", "refunded_on", "amount", "currency")


def product_counts(products: ir.Table) -> ir.Table:
    """The catalogue in one row: it has no days."""
    return products.aggregate(
        n=products.count(), names=products.name.nunique(), **_filled(products, "products")
    ).mutate(day=ibis.null().cast("date"))


def spend_days(spend: ir.Table) -> ir.Table:
    """Ad spend by day."""
    return spend.group_by("day").aggregate(n=spend.count(), **_filled(spend, "ad_spend"))


def event_days(events: ir.Table, as_of: date) -> ir.Table:
    """Events by source and the shop's day; who is known is known by more than a device."""
    named = events.source_id.notnull() & events.store_id.notnull()
    until = events.filter(named & (events.occurred_on <= as_of))
    device = (until.identity_id == until.device_id).fill_null(False)
    found = until.group_by("source_id", day=until.occurred_on).aggregate(
        n=until.count(),
        store_id=until.store_id.max(),
        has_identity=(until.identity_id.notnull() & ~device).sum().cast("int64"),
        has_source=until.campaign_source.notnull().sum().cast("int64"),
    )
    return found.order_by(["source_id", "day"])


def by_store(rows: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Counts by their store."""
    return {row["store_id"]: row["extra"] for row in rows}


def _filled(rows: ir.Table, feed: str) -> dict[str, ir.IntegerScalar]:
    return {
        f"has_{name}": rows[_CARRIED.get(name, name)].notnull().sum().cast("int64")
        for name in OF_FEEDS[feed]
    }


def _beyond_the_first(rows: ir.Table, *alike: str) -> ir.Table:
    same = rows.group_by(*alike).aggregate(times=ibis._.count()).filter(ibis._.times > 1)
    return same.group_by("store_id").aggregate(extra=(same.times - 1).sum().cast("int64"))


def _class(amount: ir.IntegerColumn) -> ir.IntegerColumn:
    above: ir.IntegerColumn = (amount > 0).ifelse(amount, None)
    found: ir.IntegerColumn = (above.log2() * FINE).floor().cast("int64")
    return found
