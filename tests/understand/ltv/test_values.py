"""What each customer brought, against the same worked out by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.ltv.contracts import CUSTOMER_VALUES, reasons
from joren.understand.ltv.services import begin_values, conclude_values
from tests.understand import tables
from tests.understand.ltv import naive
from tests.understand.ltv.facts import Shop, order, refund

OPENED = date(2024, 1, 1)
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
AS_OF = date(2026, 6, 30)

a_day = st.dates(FIRST, LAST).map(date.isoformat)
an_order = st.fixed_dictionaries(
    {
        "identity_id": st.sampled_from([1, 2, 3, None]),
        "day": a_day,
        "revenue": st.integers(0, 30_000),
        "status": st.sampled_from(["paid", "paid", "completed", "cancelled"]),
        "free": st.booleans().map(lambda one: one and None) | st.just(True),
        "refunded": st.none() | st.integers(0, 5_000),
        "goods_cost": st.none() | st.integers(0, 9_000),
        "payment_fee": st.none() | st.integers(0, 500),
        "store_id": st.integers(1, 2),
        "main_category": st.none() | st.sampled_from(["豆", "器具"]),
    }
)
a_refund = st.fixed_dictionaries(
    {"day": a_day, "amount": st.integers(1, 5_000), "order_id": st.none() | st.integers(1, 5)}
)


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def concluded(
    shop: Shop, as_of: date, *, messages: pa.Table | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """CUSTOMER_VALUES as kept, and the value report."""
    warehouse = shop.open()
    with warehouse.engine.session() as holding:
        gathered = shop.gathered(
            warehouse, holding, as_of.isoformat(), currency="JPY", messages=messages
        )
        _, documents = conclude_values(begin_values(gathered))
    table = warehouse.snapshots.table(gathered.snapshot_id, CUSTOMER_VALUES)
    return warehouse.engine.rows(table), documents["value"]


@settings(max_examples=20)
@given(st.lists(an_order, min_size=1, max_size=12), st.lists(a_refund, max_size=6))
def test_the_past_is_what_the_orders_and_refunds_add_up_to(
    orders: list[dict[str, Any]], refunds: list[dict[str, Any]]
) -> None:
    sure = order(100, 9, "2026-01-01", 1000)  # so that there is always somebody
    rows = [
        sure,
        *(
            order(number, one.pop("identity_id"), one.pop("day"), one.pop("revenue"), **one)
            for number, one in enumerate(map(dict, orders), 1)
        ),
    ]
    rows = [row | {"free": bool(row["free"])} for row in rows]
    given_back = [
        refund(number, one["day"], one["amount"], order_id=one["order_id"], identity_id=9)
        for number, one in enumerate(refunds, 1)
    ]
    expected = naive.values(rows, given_back, AS_OF)

    with TemporaryDirectory() as name:
        found, report = concluded(Shop(Path(name), orders=rows, refunds=given_back), AS_OF)

    assert [row["customer_id"] for row in found] == sorted(expected)
    for row in found:
        wanted = expected[row["customer_id"]]
        assert {key: row[key] for key in wanted} == wanted
    (revenue,) = [one for one in report["totals"] if one["name"] == "revenue_past"]
    assert revenue["value"] == sum(row["revenue_past"] for row in found)


def a_repeating_shop(folder: Path, *, customers: int, seed: int = 1, weeks: int = 130) -> Shop:
    """Customers who come at their own pace and may stay away for good."""
    chance = random.Random(seed)
    orders: list[dict[str, Any]] = []
    for customer in range(1, customers + 1):
        day = OPENED + timedelta(days=chance.randrange(500))
        pace, stay = chance.gammavariate(2, 20) + 3, 0.85
        while day <= OPENED + timedelta(weeks=weeks):
            revenue = round(chance.gammavariate(4, 700)) + 300
            cost = round(revenue * 0.4) if customer % 2 else None
            orders.append(
                order(
                    len(orders) + 1,
                    customer,
                    day.isoformat(),
                    revenue,
                    goods_cost=cost,
                    source=("ad", "mail", None)[customer % 3],
                )
            )
            day += timedelta(days=1 + round(chance.expovariate(1 / pace)))
            if chance.random() > stay:
                break
    chance.shuffle(orders)
    return Shop(folder, orders=orders)


def test_the_known_cost_of_messages_reduces_profit_and_says_how_much_of_it_is_known(
    folder: Path,
) -> None:
    shop = Shop(
        folder,
        orders=[
            order(1, 1, "2026-01-05", 1000, goods_cost=300),
            order(2, 2, "2026-01-05", 1000),  # what the goods cost is not known
            order(3, 3, "2026-01-05", 1000, goods_cost=300),
        ],
    )
    on, later = date(2026, 1, 4), date(2026, 3, 2)
    sent = ((1, on, 5), (1, on, 3), (1, later, 90), (2, on, 5), (3, on, None), (9, on, 40))

    rows, report = concluded(shop, date(2026, 3, 1), messages=tables.messages(sent))

    found = {row["customer_id"]: (row["message_cost"], row["profit_past"]) for row in rows}
    term = next(one for one in report["costs"] if one["name"] == "message_cost")
    assert found == {1: (8, 692), 2: (5, None), 3: (None, 700)}
    assert (term["amount"]["value"], term["amount"]["n"]) == (13, 3)
    assert (term["coverage"]["value"], term["coverage"]["n"]) == (0.75, 4)
    assert next(one for one in report["totals"] if one["name"] == "profit_past")["value"] == 1392


def test_messages_are_borne_by_all_revenue_also_where_the_cost_of_some_is_unknown(
    folder: Path,
) -> None:
    orders = [
        order(1, 1, "2026-01-05", 1000, goods_cost=600),
        order(2, 1, "2026-02-05", 9000),
    ]
    sent = ((1, date(2026, 1, 6), 300),)

    rows, report = concluded(
        Shop(folder, orders=orders), date(2026, 3, 1), messages=tables.messages(sent)
    )

    assert rows[0]["margin"] == pytest.approx((400 - 30) / 1000)  # a tenth of the revenue
    assert next(one for one in report["totals"] if one["name"] == "profit_past")["value"] == 370


def test_without_messages_their_cost_is_not_known_rather_than_nothing(folder: Path) -> None:
    rows, report = concluded(
        Shop(folder, orders=[order(1, 1, "2026-01-05", 1000, goods_cost=300)]), date(2026, 3, 1)
    )

    term = next(one for one in report["costs"] if one["name"] == "message_cost")
    assert (rows[0]["message_cost"], rows[0]["profit_past"]) == (None, 700)
    assert (term["amount"]["value"], term["coverage"]["value"]) == (None, None)
    assert term["amount"]["why"] == reasons.NO_MESSAGE


def test_a_young_shop_gets_no_prediction_but_everything_else(folder: Path) -> None:
    shop = a_repeating_shop(folder, customers=200, weeks=20)

    rows, report = concluded(shop, OPENED + timedelta(weeks=20))

    assert all(row["p_alive"] is None and row["profit_365d"] is None for row in rows)
    assert report["prediction"]["why"].startswith("needs ")
    assert report["prediction"]["why"].endswith(" more weeks of orders")
    assert report["backtest"]["bias"]["value"] is None


def test_predictions_are_between_nothing_and_certainty(folder: Path) -> None:
    rows, report = concluded(a_repeating_shop(folder, customers=300), AS_OF)

    assert report["prediction"]["why"] == ""
    assert all(0 <= row["p_alive"] <= 1 for row in rows)
    assert all(row["expected_orders_365d"] > 0 and row["expected_spend"] > 0 for row in rows)
    assert all(0 < row["profit_365d"] < row["revenue_365d"] for row in rows)
    total = next(one for one in report["totals"] if one["name"] == "revenue_365d")
    assert total["value"] == pytest.approx(sum(row["revenue_365d"] for row in rows), rel=1e-9)
    assert total["low"] < total["value"] < total["high"]


def test_a_margin_lies_between_the_customers_own_and_the_shops(folder: Path) -> None:
    shop = a_repeating_shop(folder, customers=100)
    rows, report = concluded(shop, AS_OF)
    shops = report["prediction"]["margin"]["value"]

    for row in rows:
        own = shops if row["profit_past"] is None else row["profit_past"] / row["revenue_past"]
        assert min(own, shops) - 1e-12 <= row["margin"] <= max(own, shops) + 1e-12


def test_the_same_facts_in_any_order_give_the_very_same_values(folder: Path) -> None:
    shop = a_repeating_shop(folder / "one", customers=200)
    turned = Shop(folder / "other", orders=list(reversed(shop.orders)))

    rows, report = concluded(shop, AS_OF)
    again, report_again = concluded(turned, AS_OF)

    assert rows == again
    assert report == report_again
