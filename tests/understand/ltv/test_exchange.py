"""Money of other currencies, at the rates of its day."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.ltv.contracts import Conversion
from joren.understand.ltv.rules import exchange
from joren.warehouse import Holding
from tests.understand.ltv.facts import Shop, order, rate, refund

amounts = st.lists(
    st.tuples(
        st.integers(-(10**11), 10**11),
        st.one_of(st.just(Decimal("0.5")), st.decimals("0.000001", "9999999", places=12)),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=25)
@given(amounts)
def test_an_amount_is_rounded_once_a_half_to_the_even(
    holding: Holding, pairs: list[tuple[int, Decimal]]
) -> None:
    given_ = holding.take(
        pa.table(
            {
                "n": pa.array(range(len(pairs)), pa.int64()),
                "amount": pa.array([amount for amount, _ in pairs], pa.int64()),
                "factor": pa.array([factor for _, factor in pairs], pa.decimal128(30, 16)),
            }
        )
    )

    found = holding.engine.rows(
        given_.select("n", at=exchange.at_factor(given_.amount, given_.factor)).order_by("n")
    )

    assert [row["at"] for row in found] == [
        int((amount * factor).quantize(Decimal(1), ROUND_HALF_EVEN)) for amount, factor in pairs
    ]


@pytest.mark.parametrize(
    ("currency", "into", "value", "minor", "expected"),
    [
        ("USD", "JPY", "149.25", 1980, 2955),  # $19.80
        ("JPY", "USD", "0.0067", 1980, 1327),  # ¥1,980
        ("KWD", "JPY", "488.1", 1500, 732),  # 1.500 KWD
        ("JPY", "KWD", "0.00205", 732, 1501),
        ("EUR", "USD", "1.08", 1000, 1080),
        ("USD", "JPY", "1", 50, 0),  # half a yen, to the even one
        ("USD", "JPY", "1", 150, 2),
    ],
)
def test_minor_units_differ_by_currency(
    holding: Holding, currency: str, into: str, value: str, minor: int, expected: int
) -> None:
    rates = _table(holding, [rate("2026-01-01", currency, value, into)])

    standing = exchange.standing(rates, into=into)

    (row,) = holding.engine.rows(
        standing.select(at=exchange.at_factor(ibis.literal(minor, "int64"), standing.factor))
    )
    assert row["at"] == expected


def test_the_newest_rate_on_or_before_the_day_converts(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-01", 1000),
            order(2, 7, "2026-01-09", 100, currency="USD"),
            order(3, 7, "2026-01-10", 100, currency="USD"),
            order(4, 7, "2026-01-19", 100, currency="USD"),
            order(5, 7, "2026-01-20", 100, currency="USD"),
            order(6, 7, "2026-01-20", 100, currency="XXX"),
        ],
        rates=[
            rate("2026-01-10", "USD", "150"),
            rate("2026-01-20", "USD", "160.5"),
            rate("2026-01-01", "EUR", "170"),
            rate("2026-01-01", "USD", "0.9", "EUR"),
            rate("2026-01-01", "XXX", "3"),
        ],
    )

    gathered, bought = _gathered(shop, currency="JPY")

    assert {row["order_id"]: row["revenue"] for row in bought} == {1: 1000, 3: 150, 4: 150, 5: 160}
    assert [(out.reason, out.currency, out.orders) for out in gathered.left_out] == [
        ("currency", "USD", 1),
        ("currency", "XXX", 1),
    ]
    assert gathered.conversions == (
        Conversion(
            "USD", 3, 300, 460, "2026-01-10", "2026-01-20", "150.000000000000", "160.500000000000"
        ),
    )
    assert gathered.conversions[0].rates == "150 – 160.5"


def test_an_order_paid_back_in_full_comes_to_nothing_whatever_the_rate_did(
    tmp_path: Path,
) -> None:
    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-05", 333, currency="USD"),
            order(2, 7, "2026-01-05", 333, currency="USD", refunded=333),
        ],
        refunds=[
            refund(1, "2026-02-01", 333, order_id=1, currency="USD", identity_id=7),
            refund(2, "2026-02-02", 100, currency="USD", identity_id=7),
        ],
        rates=[rate("2026-01-01", "USD", "149.255"), rate("2026-02-01", "USD", "120")],
    )

    _, bought, credits = _gathered(shop, currency="JPY", with_credits=True)

    assert [(row["revenue"], row["refunds"]) for row in bought] == [(0, 497), (0, 497)]
    # A note that names no order is worth what it was on its own day.
    assert [row["amount"] for row in credits] == [120]


def test_profit_is_revenue_less_costs_that_were_each_rounded_once(tmp_path: Path) -> None:
    def line(order_id: int, number: int, sku: str, **more: Any) -> dict[str, Any]:
        return {"order_id": order_id, "import_id": 1, "line": number, "sku": sku, "quantity": 3} | (
            more
        )

    shop = Shop(
        tmp_path,
        orders=[
            order(1, 7, "2026-01-05", 1001, currency="USD", goods_cost=333, payment_fee=33),
            order(2, 7, "2026-01-05", 1001, currency="USD"),
            order(3, 7, "2026-01-05", 5000),
            order(4, 7, "2026-01-05", 5000),
        ],
        lines=[
            line(2, 1, "own", unit_cost=11),
            line(2, 2, "dollars"),
            line(2, 3, "yen"),
            line(3, 1, "dollars"),
            line(4, 1, "euros"),
        ],
        products=[
            {"sku": "dollars", "cost": 11, "currency": "USD"},
            {"sku": "yen", "cost": 7, "currency": "JPY"},
            {"sku": "euros", "cost": 7, "currency": "EUR"},
        ],
        rates=[rate("2026-01-01", "USD", "149.5")],
    )

    _, bought = _gathered(shop, currency="JPY")

    costs = [row["goods_cost"] for row in bought]
    # 2: 33 ¢ stated and 33 ¢ of the catalogue are ¥98.67 together, and 21 yen; 4: no rate.
    assert costs == [498, 120, 49, None]
    for row in bought[:3]:
        borne = (row["shipping_borne"] or 0) + (row["payment_fee"] or 0)
        assert row["profit"] == row["revenue"] - row["goods_cost"] - borne


def _gathered(shop: Shop, *, currency: str, with_credits: bool = False) -> Any:
    warehouse = shop.open()
    with warehouse.engine.session() as holding:
        gathered = shop.gathered(warehouse, holding, "2026-06-30", currency=currency)
        bought = warehouse.engine.rows(gathered.purchases.order_by("order_id"))
        credits = warehouse.engine.rows(gathered.credits)
    return (gathered, bought, credits) if with_credits else (gathered, bought)


def _table(holding: Holding, rows: list[dict[str, Any]]) -> Any:
    return holding.take(
        pa.table(
            {
                "day": pa.array([row["day"] for row in rows], pa.date32()),
                "currency": [row["currency"] for row in rows],
                "in_currency": [row["in_currency"] for row in rows],
                "rate": pa.array([row["rate"] for row in rows], pa.decimal128(20, 12)),
            }
        )
    )


def test_rates_into_another_currency_convert_nothing(holding: Holding) -> None:
    rates = _table(holding, [rate("2026-01-01", "USD", "150", "EUR")])

    assert holding.engine.rows(exchange.standing(rates, into="JPY")) == []
