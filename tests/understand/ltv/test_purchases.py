"""Which orders count as purchases, and what each brought."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from joren.understand.ltv.rules import purchases as counting
from tests.understand.ltv.facts import Shop, order, refund


def purchases_of(shop: Shop, as_of: str = "2026-06-30", **more: Any) -> list[dict[str, Any]]:
    warehouse = shop.open()
    with warehouse.engine.session() as holding:
        gathered = shop.gathered(warehouse, holding, as_of, **more)
        rows = warehouse.engine.rows(gathered.purchases.order_by("order_id"))
    return rows


def test_only_kept_paid_orders_of_known_people_count(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-01", 1000),
            order(2, 7, "2026-02-01", 1000, status="cancelled"),
            order(3, 7, "2026-02-02", 1000, status="returned"),
            order(4, 7, "2026-02-03", 0, free=True),
            order(5, None, "2026-02-04", 1000),
            order(6, 7, "2026-07-01", 1000),
            order(7, 7, "2026-03-01", 0),
        ],
    )

    assert [row["order_id"] for row in purchases_of(shop)] == [1, 7]


def test_an_order_counts_where_no_reason_is_found_whatever_is_not_known_of_it() -> None:
    each = itertools.product(
        ("paid", "cancelled", "returned", None),
        (True, False, None),
        ("JPY", "USD", None),
        (7, None),
    )
    columns = dict(
        zip(("status", "free", "currency", "customer_id"), zip(*each, strict=True), strict=True)
    )
    orders = ibis.memtable(pa.table({name: pa.array(values) for name, values in columns.items()}))

    found = orders.select(
        reason=counting.left_out_because(orders, currency="JPY"),
        counts=counting.counts(orders, currency="JPY"),
    ).to_pyarrow()

    assert found["counts"].to_pylist() == [one is None for one in found["reason"].to_pylist()]
    assert found["counts"].to_pylist().count(True) == 8


def test_what_is_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-01", 1000),
            order(2, 7, "2026-01-02", 1000),
            order(3, 7, "2026-02-01", 0, status="cancelled", goods=770, tax_included=True, tax=70),
            order(4, 7, "2026-02-03", 0, free=True),
            order(5, None, "2026-02-04", 300),
            order(6, 7, "2026-02-04", 500, currency="USD"),
        ],
    )
    warehouse = shop.open()

    with warehouse.engine.session() as holding:
        gathered = shop.gathered(warehouse, holding, "2026-06-30")

    assert gathered.currency == "JPY"
    assert [(out.reason, out.currency, out.orders, out.revenue) for out in gathered.left_out] == [
        ("currency", "USD", 1, 500),
        ("free", "JPY", 1, 0),
        ("lost", "JPY", 1, 700),
        ("nobody", "JPY", 1, 300),
    ]


def test_a_merged_person_has_one_row_of_purchases(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[order(1, 7, "2026-01-02", 1), order(2, 8, "2026-01-01", 1)],
        people={8: 7},
    )

    rows = purchases_of(shop)

    assert [(row["customer_id"], row["nth"]) for row in rows] == [(7, 2), (7, 1)]


@pytest.mark.parametrize(
    ("stated", "given_back", "expected"),
    [
        (None, [], 0),
        (300, [], 300),
        (300, [("2026-02-01", 300)], 300),  # the same refund, told twice
        (500, [("2026-02-01", 300)], 500),
        (200, [("2026-02-01", 300)], 300),
        (300, [("2026-08-01", 300)], 0),  # not yet given back on the as-of day
        (None, [("2026-02-01", 100), ("2026-03-01", 50)], 150),
    ],
)
def test_a_refund_counts_once_and_from_its_date(
    tmp_path: Path, stated: int | None, given_back: list[tuple[str, int]], expected: int
) -> None:
    shop = Shop(
        tmp_path,
        orders=[order(1, 7, "2026-01-01", 1000, refunded=stated)],
        refunds=[
            refund(number, day, amount, order_id=1)
            for number, (day, amount) in enumerate(given_back)
        ],
    )

    (row,) = purchases_of(shop)

    assert (row["refunds"], row["revenue"]) == (expected, 1000 - expected)


def test_the_catalogue_says_the_category_of_what_names_none(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-01", 1000, main_sku="a"),
            order(2, 7, "2026-01-02", 1000, main_sku="a", main_category="gifts"),
            order(3, 7, "2026-01-03", 1000, main_sku="x"),
            order(4, 7, "2026-01-04", 1000),
        ],
        products=[
            {"sku": "a", "category": "beans", "currency": "JPY"},
            {"sku": "b", "category": "tea", "currency": "JPY"},
        ],
    )

    rows = purchases_of(shop)

    assert [row["main_category"] for row in rows] == ["beans", "gifts", None, None]


def test_the_catalogue_fills_in_a_cost_only_where_every_line_is_known(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-01", 1000, goods_cost=400),
            order(2, 7, "2026-01-02", 1000, shipping_borne=80, payment_fee=30),
            order(3, 7, "2026-01-03", 1000),
        ],
        lines=[
            {"order_id": 2, "line": 1, "sku": "a", "quantity": 2, "unit_cost": None},
            {"order_id": 2, "line": 2, "sku": "x", "quantity": 1, "unit_cost": 50},
            {"order_id": 3, "line": 1, "sku": "a", "quantity": 1, "unit_cost": None},
            {"order_id": 3, "line": 2, "sku": "x", "quantity": 1, "unit_cost": None},
        ],
        products=[{"sku": "a", "cost": 100, "currency": "JPY"}],
    )

    rows = purchases_of(shop)

    assert [(row["goods_cost"], row["profit"]) for row in rows] == [
        (400, 600),
        (250, 1000 - 250 - 80 - 30),
        (None, None),
    ]


def test_credit_notes_without_an_order_reduce_no_purchase(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[order(1, 7, "2026-01-01", 1000)],
        refunds=[
            refund(1, "2026-02-01", 300, identity_id=7),
            refund(2, "2026-09-01", 300, identity_id=7),
        ],
    )
    warehouse = shop.open()

    with warehouse.engine.session() as holding:
        gathered = shop.gathered(warehouse, holding, "2026-06-30")
        credits = warehouse.engine.rows(gathered.credits)
        (row,) = warehouse.engine.rows(gathered.purchases)

    assert row["revenue"] == 1000
    assert [(note["customer_id"], note["amount"]) for note in credits] == [(7, 300)]
