"""Shops as facts: all that money does, contracts that end, and both beside a log of orders."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.understand.ltv.facts import Row, Shop, order, rate, refund

OPENED, CLOSED = date(1997, 1, 2), date(1998, 6, 30)
"""The days of the CDNOW log."""
_WAYS = (("google", "cpc"), ("newsletter", "email"), ("twitter", None), (None, None))


def a_mixed_shop(folder: Path, *, customers: int, seed: int = 1) -> Shop:
    """Odd sums at odd rates, so that each rounding shows."""
    chance = random.Random(seed)
    orders: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    refunds: list[dict[str, Any]] = []
    for customer in range(1, customers + 1):
        day = OPENED + timedelta(days=chance.randrange(400))
        while day <= CLOSED and chance.random() > 0.2:
            number = len(orders) + 1
            orders.append(_order(chance, number, customer, day))
            lines += _lines(chance, number, day)
            if chance.random() < 0.1:
                refunds.append(_refund(chance, len(refunds) + 1, orders[-1], day))
            day += timedelta(days=1 + round(chance.expovariate(1 / 45)))
    return Shop(
        folder,
        orders=orders,
        lines=lines,
        refunds=refunds,
        products=[
            {"sku": f"s{n}", "import_id": 1, "cost": 100 + n, "currency": ("JPY", "USD")[n % 2]}
            for n in range(8)
        ],
        rates=[
            rate(
                (OPENED + timedelta(days=30 * n)).isoformat(),
                "JPY",
                f"{1 / (118 + n / 7):.12f}",
                "USD",
            )
            | {"rate_id": n, "import_id": 1}
            for n in range(19)
        ],
    )


def with_contracts(folder: Path, *, customers: int, seed: int = 1) -> Shop:
    """Deliveries of 定期, most of them a month apart; people give up by chances of their own."""
    chance = random.Random(seed)
    orders: list[dict[str, Any]] = []
    for customer in range(1, customers + 1):
        interval, loyal = chance.choice((28, 30, 60)), chance.betavariate(6, 1)
        day, number = OPENED + timedelta(days=chance.randrange(450)), 1
        while day <= CLOSED:
            its = {"subscription_id": f"c{customer}", "subscription_number": number}
            paid = chance.randrange(900, 4_000)
            orders.append(
                order(len(orders) + 1, customer, day.isoformat(), paid, currency="USD", **its)
            )
            if chance.random() > loyal:
                break
            skipped = chance.random() < 0.05
            day += timedelta(days=interval * (2 if skipped else 1) + chance.randrange(3))
            number += 1
    return Shop(folder, orders=orders)


def words_of(shop: Shop) -> list[dict[str, Any]]:
    """EVENTS: what the source says became of every fourth contract, ten days after a delivery."""
    last = {row["subscription_id"]: row for row in shop.orders if row.get("subscription_id")}
    told = [row for at, row in enumerate(last.values()) if at % 4 == 0]
    said = ("Subscription Ended", "Subscription Paused", "Subscription Resumed")
    return [
        {
            "event_id": number,
            "type": "track",
            "name": said[number % len(said)],
            "occurred_at": row["ordered_at"] + timedelta(days=10),
            "occurred_on": row["ordered_on"] + timedelta(days=10),
            "store_id": row["store_id"],
            "order_number": row["subscription_id"],
        }
        for number, row in enumerate(told)
    ]


def beside(one: Shop, other: Shop) -> Shop:
    """Both as one business; the other's numbers of orders and customers follow the one's."""
    orders = max(row["order_id"] for row in one.orders) + 1
    people = max(row["identity_id"] for row in one.orders) + 1

    def moved(rows: Sequence[Row]) -> list[dict[str, Any]]:
        by = {"order_id": orders, "identity_id": people}
        return [
            {
                **row,
                **{key: row[key] + more for key, more in by.items() if row.get(key) is not None},
            }
            for row in rows
        ]

    return replace(
        other,
        orders=[*one.orders, *moved(other.orders)],
        lines=[*one.lines, *moved(other.lines)],
        refunds=[*one.refunds, *moved(other.refunds)],
    )


def _order(chance: random.Random, number: int, customer: int, day: date) -> dict[str, Any]:
    source, medium = chance.choice(_WAYS)
    return order(
        number,
        None if chance.random() < 0.02 else customer,
        day.isoformat(),
        chance.randrange(0, 90_000),
        currency=chance.choice(("JPY", "USD", "EUR")),
        status=chance.choice(("paid", "paid", "paid", "cancelled")),
        store_id=chance.choice((1, 1, 2)),
        goods_cost=chance.choice((None, chance.randrange(0, 40_000))),
        refunded=chance.choice((None, None, 500)),
        shipping_borne=chance.choice((None, 711)),
        payment_fee=chance.choice((None, 33)),
        subscription_id=chance.choice((None, "t1")),
        main_sku=f"s{number % 8}",
        main_category=chance.choice(("豆", "器具", None)),
        source=source,
        medium=medium,
    )


def _lines(chance: random.Random, number: int, day: date) -> list[dict[str, Any]]:
    return [
        {
            "order_id": number,
            "import_id": 1,
            "line": line,
            "ordered_on": day,
            "sku": f"s{chance.randrange(9)}",
            "quantity": chance.randrange(1, 4),
            "amount": 100,
            "unit_cost": chance.choice((None, 77)),
        }
        for line in range(1, 1 + chance.randrange(1, 3))
    ]


def _refund(chance: random.Random, number: int, of: dict[str, Any], day: date) -> dict[str, Any]:
    given = {
        "identity_id": of["identity_id"],
        "currency": of["currency"],
        "order_id": chance.choice((of["order_id"], None)),
    }
    when = day + timedelta(days=chance.randrange(30))
    return refund(number, when.isoformat(), chance.randrange(1, 2_000), **given)


def _days_on(days: int) -> str:
    return (OPENED + timedelta(days=days)).isoformat()
