"""Questions about facts: the newest version of everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from joren.collect.orders.contracts import (
    AD_SPEND,
    ORDER_LINES,
    ORDERS,
    PRODUCTS,
    REFUNDS,
    SUPERSEDED,
)
from joren.warehouse import Warehouse


def orders(warehouse: Warehouse) -> ir.Table:
    """The newest version of each order."""
    return _newest(warehouse, warehouse.facts(ORDERS))


def order_lines(warehouse: Warehouse) -> ir.Table:
    """The lines of the newest versions."""
    return _newest(warehouse, warehouse.facts(ORDER_LINES))


def refunds(warehouse: Warehouse) -> ir.Table:
    """Refunds and credit notes, the newest word on each."""
    return _last(warehouse.facts(REFUNDS), "refund_id")


def products(warehouse: Warehouse) -> ir.Table:
    """The catalogue, the newest word on each SKU."""
    return _last(warehouse.facts(PRODUCTS), "sku")


def ad_spend(warehouse: Warehouse) -> ir.Table:
    """What was spent on advertising, the newest word on each day and campaign."""
    return _last(warehouse.facts(AD_SPEND), "spend_id")


def orders_under(warehouse: Warehouse, identities: Sequence[int]) -> list[dict[str, Any]]:
    """The orders that carry these identities, newest first, each with its lines."""
    if not identities:
        return []
    mine = orders(warehouse)
    found = warehouse.engine.rows(
        mine.filter(mine.identity_id.isin(list(identities))).order_by(ibis.desc("ordered_at"))
    )
    lines = order_lines(warehouse)
    ids = [order["order_id"] for order in found]
    by_order: dict[int, list[dict[str, Any]]] = {order_id: [] for order_id in ids}
    if ids:
        for line in warehouse.engine.rows(lines.filter(lines.order_id.isin(ids)).order_by("line")):
            by_order[line["order_id"]].append(line)
    return [{**order, "items": by_order[order["order_id"]]} for order in found]


def identities_with_order(warehouse: Warehouse, number: str) -> list[int]:
    """Who ordered under that number, in any store."""
    found = orders(warehouse)
    rows = found.filter(found.order_number == number, found.identity_id.notnull())
    return [
        row["identity_id"] for row in warehouse.engine.rows(rows.select("identity_id").limit(20))
    ]


def _newest(warehouse: Warehouse, table: ir.Table) -> ir.Table:
    """Leave out the versions that a newer one replaced (a short list, see decision 0002)."""
    if not warehouse.lake.files(SUPERSEDED):
        return table
    return table.anti_join(warehouse.facts(SUPERSEDED), ["order_id", "import_id"])


def _last(table: ir.Table, key: str) -> ir.Table:
    place = ibis.row_number().over(group_by=table[key], order_by=ibis.desc(table.import_id))
    return table.mutate(_place=place).filter(ibis._._place == 0).drop("_place")
