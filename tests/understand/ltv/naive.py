"""The same answers, worked out one customer at a time: slow, and easy to see through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]


def values(orders: Sequence[Row], refunds: Sequence[Row], as_of: date) -> dict[int, dict[str, Any]]:
    """Past columns of CUSTOMER_VALUES by customer."""
    kept = defaultdict(list)
    for row in sorted(orders, key=lambda row: (row["ordered_at"], row["order_id"])):
        lost = row["status"] in ("cancelled", "returned") or row["free"]
        if not lost and row["identity_id"] is not None and row["ordered_on"] <= as_of:
            kept[row["identity_id"]].append(row)
    return {customer: _one(customer, rows, refunds, as_of) for customer, rows in kept.items()}


def _one(customer: int, rows: Sequence[Row], refunds: Sequence[Row], as_of: date) -> dict[str, Any]:
    given = {row["order_id"]: _given_back(row, refunds, as_of) for row in rows}
    credited = sum(
        one["amount"]
        for one in refunds
        if one.get("order_id") is None
        and one.get("identity_id") == customer
        and one["refunded_on"] <= as_of
    )
    by_day: dict[date, int] = defaultdict(int)
    for row in rows:
        by_day[row["ordered_on"]] += row["revenue"] - given[row["order_id"]]
    days = sorted(by_day)
    repeats = [by_day[day] for day in days[1:] if by_day[day] > 0]
    revenue = sum(by_day.values()) - credited
    costs: list[int] = [row["goods_cost"] for row in rows if row.get("goods_cost") is not None]
    known = len(costs) == len(rows)
    fees = sum((row.get("payment_fee") or 0) + (row.get("shipping_borne") or 0) for row in rows)
    return {
        "first_on": days[0],
        "last_on": days[-1],
        "orders": len(rows),
        "frequency": len(days) - 1,
        "recency": (days[-1] - days[0]).days,
        "T": (as_of - days[0]).days,
        "monetary_value": sum(repeats) / len(repeats) if repeats else None,
        "revenue_past": revenue,
        "refunds": sum(given.values()) + credited,
        "goods_cost": sum(costs) if known else None,
        **{
            f"{name}_known": sum(row.get(name) is not None for row in rows)
            for name in ("goods_cost", "shipping_borne", "payment_fee")
        },
        "profit_past": revenue - sum(costs) - fees if known else None,
        "first_store_id": rows[0]["store_id"],
        "first_category": rows[0].get("main_category"),
    }


def _given_back(row: Row, refunds: Sequence[Row], as_of: date) -> int:
    own = [one for one in refunds if one.get("order_id") == row["order_id"]]
    by_now: int = sum(one["amount"] for one in own if one["refunded_on"] <= as_of)
    beyond: int = (row.get("refunded") or 0) - sum(one["amount"] for one in own)
    return by_now + max(beyond, 0)
