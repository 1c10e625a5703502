"""What lies between one customer's revenue and profit."""

from __future__ import annotations

from typing import Any

import pytest

from joren.core.figures import Figure
from joren.understand.ltv.contracts import reasons
from joren.understand.ltv.rules.terms import profit_why, terms_of

KNOWN: dict[str, Any] = {
    "orders": 2,
    "refunds": 0,
    "goods_cost": 900,
    "shipping_borne": 0,
    "payment_fee": 30,
    "message_cost": 4,
    "profit_past": 1_066,
}


def terms(row: dict[str, Any]) -> dict[str, Figure]:
    return {one.name: one for one in terms_of(row, currency="JPY", as_of="2026-04-30")}


def test_each_cost_of_one_customer_is_a_figure_and_what_is_not_recorded_says_so() -> None:
    told = terms(KNOWN)

    assert [name for name, one in told.items() if one.value is None] == [
        "points_granted",
        "service_cost",
    ]
    assert {told[name].why for name in ("points_granted", "service_cost")} == {reasons.NOT_RECORDED}
    assert told["payment_fee"] == Figure("payment_fee", 30, "JPY", n=2, as_of="2026-04-30")


def test_a_term_that_only_some_orders_state_says_of_how_many() -> None:
    told = terms({**KNOWN, "orders": 1_200, "payment_fee_known": 1_100, "goods_cost_known": 1_200})

    assert told["payment_fee"].value == 30
    assert told["payment_fee"].why == "of 1,100 of 1,200 orders: the others do not say it"
    assert (told["goods_cost"].why, told["shipping_borne"].why) == ("", "")


def test_an_unknown_term_is_no_zero_and_says_why() -> None:
    told = terms({**KNOWN, "goods_cost": None, "shipping_borne": None})

    assert (told["goods_cost"].value, told["goods_cost"].why) == (None, reasons.NOT_EVERY_COST)
    assert told["shipping_borne"].why == reasons.NO_ORDER_SAYS
    assert (told["refunds"].value, told["refunds"].why) == (0, "")


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ({}, ""),
        ({"shipping_borne": None}, reasons.BEFORE_SHIPPING),
        ({"payment_fee": None}, reasons.BEFORE_FEES),
        (
            {"shipping_borne": None, "payment_fee": None},
            f"{reasons.BEFORE_SHIPPING}; {reasons.BEFORE_FEES}",
        ),
        ({"profit_past": None, "payment_fee": None}, reasons.NOT_EVERY_COST),
        (
            {"shipping_borne_known": 1, "payment_fee_known": 2},
            "shipping borne is taken off for 1 of 2 orders: the others do not say it",
        ),
        (
            {"shipping_borne": None, "shipping_borne_known": 0, "payment_fee_known": 1},
            f"{reasons.BEFORE_SHIPPING}; "
            "payment fees are taken off for 1 of 2 orders: the others do not say them",
        ),
        (
            {"profit_past": None, "goods_cost": None, "goods_cost_known": 1},
            "the cost of goods is known of 1 of 2 orders",
        ),
        ({"profit_past": None, "goods_cost": None, "goods_cost_known": 0}, reasons.NOT_EVERY_COST),
        ({"shipping_borne_known": None, "payment_fee_known": None}, ""),  # an older snapshot
    ],
)
def test_a_profit_says_which_costs_it_is_before(unknown: dict[str, Any], said: str) -> None:
    assert profit_why({**KNOWN, **unknown}) == said
