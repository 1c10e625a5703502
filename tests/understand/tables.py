"""Small purchases and what they amount to, counted by hand for the rooms that stand on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import pyarrow as pa

from joren.core.tables import TableSpec
from joren.understand.ltv.contracts import CUSTOMER_VALUES, MESSAGE_COSTS, PURCHASES

Credit = tuple[int, date, int]


@dataclass(frozen=True)
class Bought:
    """One purchase, as a test writes it."""

    customer: int
    on: date
    revenue: int = 1000
    profit: int | None = 400
    store: int = 1
    sku: str | None = "beans"
    category: str | None = "coffee"
    source: str | None = "google"
    medium: str | None = "cpc"
    subscription: bool = False


def table(spec: TableSpec, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Rows as a table of that kind; columns that are not given are null."""
    return pa.Table.from_pylist(list(rows), schema=ibis.schema(dict(spec.columns)).to_pyarrow())


def purchases(bought: Iterable[Bought]) -> pa.Table:
    """PURCHASES, each customer's counted in the order of days."""
    rows = []
    seen: dict[int, int] = defaultdict(int)
    for order_id, one in enumerate(sorted(bought, key=lambda one: (one.on, one.customer))):
        seen[one.customer] += 1
        rows.append(
            {
                "order_id": order_id,
                "customer_id": one.customer,
                "store_id": one.store,
                "ordered_on": one.on,
                "nth": seen[one.customer],
                "revenue": one.revenue,
                "refunds": 0,
                "goods_cost": None if one.profit is None else one.revenue - one.profit,
                "profit": one.profit,
                "main_sku": one.sku,
                "main_category": one.category,
                "source": one.source,
                "medium": one.medium,
                "subscription": one.subscription,
            }
        )
    return table(PURCHASES, rows)


def person_of(bought: Iterable[Bought]) -> pa.Table:
    """Each customer is known by one identity, of the same number."""
    ids = pa.array(sorted({one.customer for one in bought}), pa.int64())
    return pa.table({"identity_id": ids, "customer_id": ids})


def credits(given: Iterable[Credit]) -> pa.Table:
    """Credit notes of (customer, day, amount) that name no order."""
    rows = list(given)
    return pa.table(
        {
            "customer_id": pa.array([customer for customer, _, _ in rows], pa.int64()),
            "credited_on": pa.array([on for _, on, _ in rows], pa.date32()),
            "amount": pa.array([amount for _, _, amount in rows], pa.int64()),
        }
    )


def messages(sent: Iterable[tuple[int, date, int | None]]) -> pa.Table:
    """MESSAGE_COSTS of (customer, day, cost), one message each; None: its cost is not known."""
    return table(
        MESSAGE_COSTS,
        (
            {
                "customer_id": customer,
                "sent_on": on,
                "messages": 1,
                "known": int(cost is not None),
                "cost": cost or 0,
            }
            for customer, on, cost in sent
        ),
    )


def values(bought: Iterable[Bought], as_of: date) -> pa.Table:
    """CUSTOMER_VALUES as far as the other rooms read them."""
    by_customer: dict[int, list[Bought]] = defaultdict(list)
    for one in sorted(bought, key=lambda one: (one.on, one.customer)):
        by_customer[one.customer].append(one)
    return table(CUSTOMER_VALUES, (_value(theirs, as_of) for theirs in by_customer.values()))


def _value(theirs: list[Bought], as_of: date) -> dict[str, Any]:
    first, last = theirs[0], theirs[-1]
    profits = [one.profit for one in theirs if one.profit is not None]
    return {
        "customer_id": first.customer,
        "first_on": first.on,
        "last_on": last.on,
        "orders": len(theirs),
        "frequency": len({one.on for one in theirs}) - 1,
        "recency": (last.on - first.on).days,
        "T": (as_of - first.on).days,
        "revenue_past": sum(one.revenue for one in theirs),
        "profit_past": sum(profits) if len(profits) == len(theirs) else None,
        "revenue_365d": 1000.0 * len(theirs),
        "profit_365d": 300.0 * len(theirs),
        "first_store_id": first.store,
        "first_sku": first.sku,
        "first_category": first.category,
        "first_source": first.source,
        "first_medium": first.medium,
        "subscriber": any(one.subscription for one in theirs),
    }
