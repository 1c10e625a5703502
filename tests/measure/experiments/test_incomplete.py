"""Profit is told only where what shipping and payment cost the shop is known too."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa
import pytest

from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.decide.segments.rules import purchased
from joren.measure.experiments import selectors
from joren.measure.experiments.selectors import with_margin
from joren.measure.experiments.selectors.people import drawn_people
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


def _said(house: Warehouse, unknown: int) -> None:
    """As if of so many of a hundred orders nothing were known of shipping and payment."""
    snapshot = values.snapshot().id
    kept = house.engine.arrow(house.snapshots.table(snapshot, PURCHASED).order_by("order_id"))
    ids = kept["order_id"].to_pylist()
    half = [one // 2 for one in kept["revenue"].to_pylist()]
    known = [one % 100 >= unknown for one in ids]
    for name, column in (("profit", half), ("complete", known)):
        kept = kept.set_column(kept.schema.get_field_index(name), name, pa.array(column))
    house.snapshots.drop(snapshot, (PURCHASED,))
    with house.engine.session() as holding:
        house.snapshots.write(snapshot, PURCHASED, holding.take(kept), house.scratch)


@pytest.mark.parametrize(("unknown", "metric"), [(5, "margin"), (40, "revenue"), (100, "revenue")])
def test_an_effect_is_no_profit_where_too_many_orders_do_not_say_shipping_and_fees(
    drawn: Holdout, refreshed_shop: Warehouse, unknown: int, metric: str
) -> None:
    reached(drawn, 400)
    _said(refreshed_shop, unknown)

    found = selectors.result(drawn.id)

    assert found.metric == metric
    by_arm, together = _known(drawn, refreshed_shop)
    assert found.known == pytest.approx(min(by_arm))  # whom the lot puts where is chance
    assert together == pytest.approx(1 - unknown / 100, abs=0.15)


def _known(drawn: Holdout, house: Warehouse) -> tuple[list[float], float]:
    """Which share of the revenue says what it cost: of each arm, and of both together."""
    snapshot = values.snapshot()
    people, _ = drawn_people(holdouts.holdout(drawn.id), snapshot)
    theirs = {one["customer_id"]: one for one in people.to_pylist()}
    whole, known = {True: 0, False: 0}, {True: 0, False: 0}
    for order in house.engine.rows(house.snapshots.table(snapshot.id, PURCHASED)):
        one = theirs.get(order["customer_id"])
        if one and one["start"] <= order["ordered_on"] <= one["last"]:
            whole[one["held_out"]] += order["revenue"]
            known[one["held_out"]] += order["revenue"] * order["complete"]
    by_arm = [known[arm] / whole[arm] for arm in (True, False)]
    return by_arm, sum(known.values()) / sum(whole.values())


def test_an_order_that_does_not_say_them_has_the_margin_of_those_that_do(
    refreshed_shop: Warehouse,
) -> None:
    row = {"order_id": 1, "revenue": 1_000, "profit": 300, "complete": True}
    rows = [
        row, row | {"order_id": 2, "profit": 600, "complete": False},
        row | {"order_id": 3, "profit": 600, "complete": None},
    ]  # fmt: skip
    kinds = {"order_id": "int64", "revenue": "int64", "profit": "int64", "complete": "boolean"}

    with refreshed_shop.engine.session() as holding:
        taken = holding.take(pa.Table.from_pylist(rows, ibis.schema(kinds).to_pyarrow()))
        found = refreshed_shop.engine.arrow(with_margin(taken).order_by("order_id"))

    # What an older snapshot did not ask is taken as it was: 900 of 2,000 are known.
    assert found["profit"].to_pylist() == [300, 450, 600]
    assert found["costed"].to_pylist() == [True, False, True]


def test_the_orders_that_rules_ask_of_say_whether_they_are_complete(
    refreshed_shop: Warehouse,
) -> None:
    terms = [(10, 20), (0, 0), (None, 20), (10, None)]
    kinds = {name: kind for name, kind in PURCHASED.columns.items() if name != "complete"}
    bought = {
        **dict.fromkeys(kinds), "customer_id": 1, "ordered_on": date(2026, 1, 1), "revenue": 1,
    }  # fmt: skip
    told = (
        "ordered_at", "coupon_code", "channel", "campaign", "status", "with_coupon", "with_points",
        "discounted",
    )  # fmt: skip
    bought_rows = [
        {k: v for k, v in bought.items() if k not in told}
        | {"order_id": number, "shipping_borne": shipping, "payment_fee": fee}
        for number, (shipping, fee) in enumerate(terms)
    ]
    asked = {k: kind for k, kind in kinds.items() if k not in told}
    asked |= {"shipping_borne": "int64", "payment_fee": "int64"}
    of_orders = {
        "order_id": "int64", "coupon_code": "string", "ordered_at": "timestamp('UTC', 6)",
        "channel": "string", "campaign": "string", "status": "string", "mall_discount": "int64",
        "points_used": "int64", "order_discount": "int64",
    }  # fmt: skip
    orders = [dict.fromkeys(of_orders) | {"order_id": number} for number in range(len(terms))]

    with refreshed_shop.engine.session() as holding:
        both = (
            holding.take(pa.Table.from_pylist(some, ibis.schema(named).to_pyarrow()))
            for some, named in ((bought_rows, asked), (orders, of_orders))
        )
        found = refreshed_shop.engine.arrow(purchased(*both).order_by("order_id"))

    assert found["complete"].to_pylist() == [True, True, False, False]
