"""A shop with contracts, refreshed once, by every face."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from joren.core.tables import TableSpec
from joren.decide.segments import selectors as segments
from joren.decide.segments.rules import customers
from joren.decide.segments.selectors.sources import sources_of
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors, services
from joren.understand.ltv.contracts import (
    CUSTOMER_SUBSCRIPTIONS,
    CUSTOMER_VALUES,
    SUBSCRIPTIONS,
    SubscriptionReport,
    reasons,
)
from tests.project.refreshing import refreshed
from tests.understand.ltv.facts import Shop, order, written

OPENED, AS_OF = date(2024, 1, 1), date(2026, 3, 31)
CONTRACTS = 150


def a_subscribing_shop(folder: Path) -> Shop:
    """Monthly contracts, each with a chance of its own to end at a renewal; orders beside them."""
    chance = random.Random(1)
    orders: list[dict[str, Any]] = []
    for customer in range(1, CONTRACTS + 1):
        day, number = OPENED + timedelta(days=chance.randrange(700)), 1
        ends = chance.betavariate(1, 5)
        while day <= AS_OF:
            contract = {"subscription_id": f"T{customer}", "subscription_number": number}
            orders.append(_order(len(orders) + 1, customer, day, 3000, **contract))
            if chance.random() < 0.3:
                orders.append(_order(len(orders) + 1, customer, day + timedelta(days=7), 1000))
            if chance.random() < ends:
                break
            day, number = day + timedelta(days=30), number + 1
    return Shop(folder, orders=[one for one in orders if one["ordered_on"] <= AS_OF])


def _order(number: int, customer: int, day: date, revenue: int, **more: Any) -> dict[str, Any]:
    return order(number, customer, day.isoformat(), revenue, goods_cost=revenue // 2, **more)


def test_every_face_says_what_the_refresh_found(home: Path, alice_the_admin: Client) -> None:
    written(warehouse(), a_subscribing_shop(home))
    refreshed(as_of=AS_OF)

    report = selectors.contract_report(selectors.snapshot())

    _adds_up(report)
    _finds_those_about_to_cancel()
    rate = report.curve[0].observed
    page = alice_the_admin.get("/value/subscriptions/", headers={"accept-language": "en"})
    file = alice_the_admin.get("/value/subscriptions/?format=csv&table=renewals")
    answer = alice_the_admin.get("/api/contracts").json()
    assert rate.value is not None
    assert f"{rate.value:.1%}" in page.content.decode()
    assert "Who is about to cancel" in page.content.decode()
    assert len(b"".join(file).decode().splitlines()) == len(report.curve) + 1  # type: ignore[arg-type]
    assert answer["curve"][0]["observed"]["value"] == rate.value
    assert len(answer["history"]) > 1


def _adds_up(report: SubscriptionReport) -> None:
    contracts, people = _rows(SUBSCRIPTIONS), _rows(CUSTOMER_SUBSCRIPTIONS)
    margins = {row["customer_id"]: row["margin"] for row in _rows(CUSTOMER_VALUES)}
    running = [one for one in contracts if one["status"] in ("active", "late")]
    assert len(contracts) == len(people) == CONTRACTS
    assert report.figures["contracts_running"].value == len(running)
    assert sum(one.contracts for one in report.tenures) == len(running)
    assert {one["customer_id"] for one in people if one["contract_active"]} == {
        one["customer_id"] for one in running
    }
    for one in running:
        assert 0 < one["renewals_365d"] <= 13
        assert one["next_on"] > AS_OF
        assert one["revenue_365d"] == pytest.approx(3000 * one["renewals_365d"])
        worth = one["revenue_365d"] * margins[one["customer_id"]]
        assert one["profit_365d"] == pytest.approx(worth)
    _in_two_parts(report, people)
    for number, point in enumerate(report.curve[:8], start=1):
        truth = (4 + number) / (5 + number)  # Beta(1, 5)
        assert point.model.low is not None
        assert point.model.high is not None
        assert point.model.low - 0.03 <= truth <= point.model.high + 0.03


def _in_two_parts(report: SubscriptionReport, people: list[dict[str, Any]]) -> None:
    """Contract and other orders are the whole of whoever has a contract that runs."""
    known = {one.name: one.value or 0.0 for one in report.composition.parts}
    apart = {one["customer_id"]: one for one in people if one["contract_active"]}
    told = [one for one in _rows(CUSTOMER_VALUES) if one["contract_orders_365d"] is not None]
    assert report.composition.way.startswith("contracts apart")
    assert [one["customer_id"] for one in told] == sorted(apart)
    for one in told:
        contract = apart[one["customer_id"]]
        assert one["contract_orders_365d"] == pytest.approx(
            contract["contract_renewals_365d"], abs=1e-5
        )
        assert one["expected_orders_365d"] > one["contract_orders_365d"]
        assert one["profit_365d"] == pytest.approx(one["revenue_365d"] * one["margin"])
    years = services.years_ahead([one["customer_id"] for one in told], selectors.snapshot())
    assert {one.interval_why for one in years.values()} == {reasons.IN_PARTS}
    whole = sum(one["expected_orders_365d"] for one in told)
    assert whole == pytest.approx(known["contract_renewals_365d"] + known["other_orders_365d"])
    assert len(report.composition.history) > 1


def _finds_those_about_to_cancel() -> None:
    house = warehouse()
    ready = next(one for one in segments.READY_MADE if one.en == "Subscription about to stop")
    sources = sources_of(house, selectors.snapshot())
    found = {row["customer_id"] for row in house.engine.rows(customers(ready.rule, sources))}
    assert found == {
        one["customer_id"]
        for one in _rows(CUSTOMER_SUBSCRIPTIONS)
        if one["contract_active"] and one["contract_p_cancel"] >= 0.3
    }


def _rows(spec: TableSpec) -> list[dict[str, Any]]:
    house = warehouse()
    rows: list[dict[str, Any]] = house.engine.rows(
        house.snapshots.table(selectors.snapshot().id, spec)
    )
    return rows


@pytest.mark.usefixtures("refreshed_shop")
def test_a_shop_without_contracts_is_told_what_it_needs(alice_the_admin: Client) -> None:
    page = alice_the_admin.get("/value/subscriptions/", headers={"accept-language": "en"})

    assert "import the contract&#x27;s number" in page.content.decode()
    answer = json.loads(alice_the_admin.get("/api/contracts").content)
    assert answer["curve"] == []
    assert answer["why"].startswith("no order belongs to a contract")
