"""What one order is like in both arms, of the orders that the warehouse adds up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import selectors
from joren.measure.experiments.commands import effects_app
from joren.measure.experiments.contracts import COST_UNKNOWN
from joren.measure.experiments.contracts.ratios import RatioEffect
from joren.measure.experiments.selectors import counting
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from tests.measure.experiments.cast import half_is_profit, reached

pytestmark = pytest.mark.django_db


def with_coupons(bought: ir.Table) -> ir.Table:
    """As if every other order had been paid with a coupon, and half were profit."""
    return half_is_profit(bought).mutate(with_coupon=bought.order_id % 2 == 0)


@pytest.fixture
def read(drawn: Holdout, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, RatioEffect]:
    reached(drawn, 365)
    monkeypatch.setattr(counting, "with_margin", with_coupons)
    return {one.metric: one for one in selectors.ratios(drawn.id)}


def bought(drawn: Holdout, arm: Any) -> list[dict[str, Any]]:
    snapshot = values.snapshot()
    mine = set(holdouts.customers_of(drawn.id, arm))
    rows = warehouse().engine.rows(warehouse().snapshots.table(snapshot.id, PURCHASED))
    return [
        row for row in rows
        if row["customer_id"] in mine and (snapshot.as_of - row["ordered_on"]).days <= 365
    ]  # fmt: skip


def test_each_ratio_is_that_counted_by_hand(
    drawn: Holdout, read: Mapping[str, RatioEffect]
) -> None:
    for arm in ("treated", "held_out"):
        rows = bought(drawn, arm)
        revenue, buyers = sum(row["revenue"] for row in rows), {row["customer_id"] for row in rows}
        coupons = sum(row["order_id"] % 2 == 0 for row in rows)
        expected = {
            "order_value": revenue / len(rows), "margin_rate": 0.5,
            "coupon_share": coupons / len(rows), "orders_each": len(rows) / len(buyers),
        }  # fmt: skip
        for metric, value in expected.items():
            figure = getattr(read[metric], arm)
            assert figure.value == pytest.approx(value, rel=1e-3), metric
            assert figure.n == len(buyers)
            assert figure.as_of == values.snapshot().as_of.isoformat()


def test_forty_buyers_of_an_arm_prove_nothing(read: Mapping[str, RatioEffect]) -> None:
    assert {one.evidence for one in read.values()} == {"too_small"}
    assert {one.difference.value for one in read.values()} == {None}


def test_where_enough_bought_difference_and_lift_are_told(
    drawn: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joren.measure.experiments.rules import ratios as rules

    reached(drawn, 365)
    monkeypatch.setattr(counting, "with_margin", with_coupons)
    effect, lift = rules.ratio_effect, rules.ratio_lift
    monkeypatch.setattr(
        rules, "ratio_effect", lambda *pair, level: effect(*pair, level=level, fewest=5)
    )
    monkeypatch.setattr(
        rules, "ratio_lift", lambda *pair, level: lift(*pair, level=level, fewest=5)
    )

    found = {one.metric: one for one in selectors.ratios(drawn.id)}["order_value"]

    assert found.evidence == "unclear"
    assert found.treated.value is not None
    assert found.held_out.value is not None
    assert found.difference.value == pytest.approx(found.treated.value - found.held_out.value)
    assert found.lift.value == pytest.approx(found.treated.value / found.held_out.value - 1)
    assert found.difference.low is not None
    assert found.lift.low is not None
    assert (found.difference.low < 0) == (found.lift.low < 0)


def test_a_margin_that_is_not_known_is_a_dash_with_its_reason(drawn: Holdout) -> None:
    reached(drawn, 365)

    found = {one.metric: one for one in selectors.ratios(drawn.id)}

    assert found["margin_rate"].treated.why == COST_UNKNOWN
    assert found["margin_rate"].lift.value is None
    assert found["order_value"].treated.value is not None


def test_before_anybody_was_reached_there_are_none(drawn: Holdout) -> None:
    assert selectors.ratios(drawn.id) == []


def test_pages_programs_and_the_terminal_say_the_same(
    drawn: Holdout, alice_the_admin: Client
) -> None:
    reached(drawn, 365)

    page = alice_the_admin.get(f"/holdouts/{drawn.id}/").content.decode()
    english = alice_the_admin.get(
        f"/holdouts/{drawn.id}/", headers={"accept-language": "en"}
    ).content.decode()
    told = alice_the_admin.get(f"/api/holdouts/{drawn.id}/ratios").json()["items"]
    printed = CliRunner().invoke(effects_app, ["ratios", str(drawn.id), "--json"]).stdout
    plain = CliRunner().invoke(effects_app, ["ratios", str(drawn.id)]).stdout

    assert 'id="ratios"' in page
    assert "平均注文単価" in page
    assert "Share of orders with a coupon" in english
    assert json.loads(printed) == told
    assert [one["metric"] for one in told] == [
        "order_value", "margin_rate", "coupon_share", "orders_each"
    ]  # fmt: skip
    assert "order_value" in plain
