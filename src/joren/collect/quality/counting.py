"""The questions to the warehouse: one row per store, and few rows at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from joren.collect.quality import rules
from joren.collect.quality.amounts import STEPS
from joren.collect.quality.contracts import OF_LINES, OF_ORDERS

Rows = list[dict[str, Any]]
_CARRIED = {"identity": "identity_id"}


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


def by_store(orders: ir.Table, as_of: date) -> ir.Table:
    """What is missing, old and odd among the orders of each store."""
    settled = ibis.literal(as_of - timedelta(days=rules.STALE_DAYS))
    usual = orders.group_by("currency").aggregate(
        usual=orders.revenue.quantile(rules.OUTLIER_QUANTILE)
    )
    # Joined with nulls equal: an order without a currency has its peers, too.
    measured = orders.left_join(usual, orders.currency.identical_to(usual.currency))
    return measured.group_by("store_id").aggregate(
        orders=measured.count(),
        **{name: _nulls(measured[_CARRIED.get(name, name)]) for name in OF_ORDERS},
        unreconciled=(measured.unreconciled.fill_null(0) != 0).sum().cast("int64"),
        stale=(measured.status.isin(rules.UNSETTLED) & (measured.ordered_on < settled))
        .fill_null(False)
        .sum()
        .cast("int64"),
        outliers=(measured.revenue > measured.usual * rules.OUTLIER_TIMES)
        .fill_null(False)
        .sum()
        .cast("int64"),
    )


def lines_by_store(lines: ir.Table, orders: ir.Table, products: ir.Table) -> ir.Table:
    """What is missing among lines; what the catalogue states of their products is not missing."""
    costs = products.select(costed="sku", catalogue="cost", listed="category")
    stores = orders.select("order_id", "store_id")
    placed = lines.select("order_id", *OF_LINES).inner_join(stores, "order_id")
    known = placed.left_join(costs, placed.sku == costs.costed)
    return known.group_by("store_id").aggregate(
        lines=known.count(),
        sku=_nulls(known.sku),
        unit_price=_nulls(known.unit_price),
        category=_nulls(ibis.coalesce(known.category, known.listed)),
        unit_cost=_nulls(ibis.coalesce(known.unit_cost, known.catalogue)),
    )


def duplicates(orders: ir.Table) -> ir.Table:
    """Orders beyond the first of one customer at one moment with one total, by store."""
    same = (
        orders.filter(orders.identity_id.notnull())
        .group_by("store_id", "identity_id", "ordered_at", "total", "currency")
        .aggregate(times=ibis._.count())
        .filter(ibis._.times > 1)
    )
    return same.group_by("store_id").aggregate(extra=(same.times - 1).sum().cast("int64"))


def differences(orders: ir.Table) -> ir.Table:
    """The orders that miss their total by most."""
    off = orders.filter(orders.unreconciled != 0)
    return (
        off.order_by(ibis.desc(off.unreconciled.abs()), off.order_id)
        .limit(rules.LARGEST)
        .select("store_id", "order_number", "currency", by="unreconciled")
    )


def days(orders: ir.Table) -> ir.Table:
    """Orders by store, day and currency: gaps, dates and the mix of currencies come from it."""
    return orders.group_by("store_id", "ordered_on", "currency").aggregate(n=ibis._.count())


def sources(orders: ir.Table) -> ir.Table:
    """Orders by store and source."""
    return orders.group_by("store_id", "source").aggregate(n=ibis._.count())


def amounts(orders: ir.Table) -> ir.Table:
    """Orders that bring something, by store, currency and class of amount."""
    paid = orders.filter(orders.revenue > 0)
    size = (paid.revenue.log2() * STEPS).floor().cast("int64")
    return paid.group_by("store_id", "currency", size=size).aggregate(n=ibis._.count())


def buyers(orders: ir.Table) -> ir.Table:
    """How many identities ordered, and how many on more than one day."""
    each = orders.filter(orders.identity_id.notnull()).group_by("identity_id")
    found = each.aggregate(first=ibis._.ordered_on.min(), last=ibis._.ordered_on.max())
    return found.aggregate(
        customers=found.count(),
        repeaters=(found.first < found.last).sum().fill_null(0).cast("int64"),
    )


def by_id(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Rows by their store."""
    return {row["store_id"]: row for row in rows}


def _nulls(column: ir.Column) -> ir.IntegerScalar:
    found: ir.IntegerScalar = column.isnull().sum().cast("int64")
    return found


def event_days(events: ir.Table, as_of: date) -> ir.Table:
    """Events by source and the shop's day."""
    named = events.source_id.notnull() & events.store_id.notnull()
    until = events.filter(named & (events.occurred_on <= as_of))
    found = until.group_by(["source_id", "occurred_on"]).aggregate(
        n=until.count(), store_id=until.store_id.max()
    )
    return found.order_by(["source_id", "occurred_on"])
