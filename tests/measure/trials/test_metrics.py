"""A trial is decided by the metric that was chosen before: orders, who comes back, ratios."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import ibis.expr.types as ir
import numpy as np
import pytest
from django.db import OperationalError
from django.test import Client

from joren.collect.orders.selectors import order_id_of, orders, refunds
from joren.core import tested
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments.contracts import NOT_READ
from joren.measure.experiments.selectors import with_margin
from joren.measure.trials import selectors, services
from joren.measure.trials.contracts import BadTrial, Trial, TrialMetric, TrialPlan, TrialResult
from joren.measure.trials.rules import dealing
from joren.measure.trials.selectors import reading, scene
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot, Warehouse
from tests.measure.trials.test_trials import PEOPLE, ahead, began, buying

__all__ = ["buying"]
pytestmark = pytest.mark.django_db


def read_by(metric: TrialMetric, buying: Snapshot, unit: str = "order") -> TrialResult:
    row = began(unit)  # type: ignore[arg-type]
    row.metric = metric
    row.save()
    return selectors.read(selectors.trial(row.pk), buying)


def treated() -> list[bool]:
    ids = np.array([order_id_of(1, f"A{each}") for each in PEOPLE], np.int64)
    drawn: list[bool] = dealing.drawn(ids, "salt").tolist()
    return drawn


def test_orders_and_who_comes_back_are_counted_by_customer(buying: Snapshot) -> None:
    by_orders = read_by("orders", buying)

    arms = treated()
    others = [each for each, arm in zip(PEOPLE, arms, strict=True) if not arm]
    expected = 1 - sum(each % 2 for each in others) / len(others)
    assert by_orders.each.value == pytest.approx(expected)
    assert (by_orders.each.unit, by_orders.gain.unit) == ("orders", "orders")
    assert by_orders.gain.value == pytest.approx(expected * sum(arms))
    assert (by_orders.evidence, by_orders.net.value) == ("proven_more", None)
    assert by_orders.headline == by_orders.gain


def test_who_comes_back_is_a_share(buying: Snapshot) -> None:
    said = read_by("repeat", buying)

    assert (said.each.unit, said.gain.unit, said.evidence) == ("share", "customers", "proven_more")
    assert said.each.low is not None
    assert said.each.high is not None
    assert 0 < said.each.low < (said.each.value or 0) < said.each.high <= 1


def test_profit_per_order_is_a_ratio_and_comes_to_no_sum(buying: Snapshot) -> None:
    said = read_by("profit_per_order", buying)

    def each(of: list[int]) -> float:
        return sum((1000 + one % 7) // 2 for one in of) / len(of)

    both = list(zip(PEOPLE, treated(), strict=True))
    with_it = [one for one, arm in both if arm]
    without = [one for one, arm in both if not arm and one % 2]
    assert said.each.value == pytest.approx(each(with_it) - each(without))
    assert said.each.unit == "JPY"
    assert said.gain.value is None
    assert said.headline == said.each
    assert all(side.amount is None for side in said.sides)


def test_what_comes_back_counts_with_the_first_order(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def placed(snapshot: Snapshot) -> ir.Table:
        bought = with_margin(warehouse().snapshots.table(snapshot.id, PURCHASED))
        return bought.mutate(
            returned=((bought.nth == 1) & (bought.customer_id % 4 == 0)).ifelse(1, 0)
        )

    monkeypatch.setattr(scene, "placed", placed)
    said = read_by("returns", buying)

    def share(arm: bool) -> float:
        of = [one for one, each in zip(PEOPLE, treated(), strict=True) if each is arm]
        placed_ones = sum(2 if arm or one % 2 else 1 for one in of)
        return sum(one % 4 == 0 for one in of) / placed_ones

    assert said.each.value == pytest.approx(share(True) - share(False))
    assert said.each.unit == "share"
    by_week = read_by("returns", buying, "week")
    assert by_week.lift.value is not None
    assert by_week.gain.value is None


def test_orders_of_facts_say_which_came_back(refreshed_shop: Warehouse) -> None:
    house = refreshed_shop

    rows = house.engine.rows(scene.placed(values.snapshot()))

    numbers = [row["order_id"] for row in rows]
    assert len(numbers) == len(set(numbers))
    back = {row["order_id"] for row in house.engine.rows(refunds(house))}
    every = {row["order_id"]: row for row in house.engine.rows(orders(house))}
    assert all(every[one]["status"] != "cancelled" for one in numbers)
    for row in rows:
        fact = every[row["order_id"]]
        came = fact["status"] == "returned" or row["order_id"] in back or bool(fact["refunded"])
        assert row["returned"] == int(came)
    assert isinstance(rows[0]["ordered_on"], date)


def test_what_came_after_the_day_of_the_figures_does_not_count(refreshed_shop: Warehouse) -> None:
    house, now = refreshed_shop, values.snapshot()
    every = house.engine.rows(scene.placed(now))
    days = sorted(row["ordered_on"] for row in every)
    then = replace(now, as_of=days[len(days) // 2])

    rows = house.engine.rows(scene.placed(then))

    assert 0 < len(rows) < len(every)
    assert max(row["ordered_on"] for row in rows) <= then.as_of


def test_returns_are_counted_anew_when_facts_come(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = [0]

    def placed(snapshot: Snapshot) -> ir.Table:
        bought = with_margin(warehouse().snapshots.table(snapshot.id, PURCHASED))
        return bought.mutate(returned=(bought.customer_id % 4 == 0).ifelse(back[0], 0))

    monkeypatch.setattr(scene, "placed", placed)
    row = began("order")
    row.metric = "returns"
    row.save()
    before = selectors.read(selectors.trial(row.pk), buying)
    back[0] = 1
    monkeypatch.setattr(reading, "placed_from", lambda: "more")

    after = selectors.read(selectors.trial(row.pk), buying)

    assert before.each.value != after.each.value


def test_one_that_cannot_be_read_says_so_and_keeps_no_other_back(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    broken, well = began("order"), began("week")
    asked = scene.scene_of

    def refuses(one: Trial, *rest: Any) -> scene.Scene:
        if one.id == broken.pk:
            raise duckdb.Error("no such file")
        return asked(one, *rest)

    monkeypatch.setattr(reading, "scene_of", refuses)
    said = selectors.results(buying)

    assert (said[broken.pk].evidence, said[broken.pk].gain.why) == ("not_yet", NOT_READ)
    assert said[well.pk].gain.why != NOT_READ
    assert selectors.read(selectors.trial(broken.pk), buying).gain.why == NOT_READ
    assert tested.unread() == 1
    for page in ("/practices/", f"/practices/trials/{broken.pk}/", "/channels/", "/reviews/"):
        assert alice_the_admin.get(page).status_code == 200
    assert "試したもののうち1件は読めず" in alice_the_admin.get("/effects/").content.decode()


def test_a_database_that_is_gone_is_wrong_with_all_of_them(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began("order")

    def gone(*_: Any) -> scene.Scene:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(reading, "scene_of", gone)
    with pytest.raises(OperationalError):
        selectors.results(buying)


def test_stretches_count_orders_too_and_know_nobody_who_comes_back(buying: Snapshot) -> None:
    said = read_by("orders", buying, "week")

    assert said.lift.value is not None
    assert said.gain.unit == "orders"
    with pytest.raises(BadTrial):
        services.draw(
            TrialPlan("packaging", "week", ahead(1), ahead(100), metric="repeat"), by="alice"
        )
    with pytest.raises(BadTrial):
        services.draw(
            TrialPlan("packaging", "order", ahead(1), ahead(100), metric="luck"),  # type: ignore[arg-type]
            by="alice",
        )


@pytest.mark.parametrize("metric", ["orders", "repeat", "profit_per_order"])
def test_each_metric_tells_what_it_could_show(buying: Snapshot, metric: TrialMetric) -> None:
    plan = TrialPlan("packaging", "order", ahead(3), ahead(153), 60, metric=metric)

    found = selectors.design(plan, buying)

    lift = found.smallest_lift.value
    assert lift is not None
    assert lift > 0
    assert found.smallest.value is not None
    assert (found.smallest_gain.value is None) is (metric == "profit_per_order")
    assert found.needed is not None
    by_week = replace(plan, unit="week", last=ahead(3 + 16 * 7 - 1))
    if metric != "repeat":
        assert selectors.design(by_week, buying).smallest_lift.value is not None


def test_the_page_draws_by_the_metric_that_was_asked_for(
    buying: Snapshot, alice_the_admin: Client
) -> None:
    days = {"first": str(ahead(3)), "last": str(ahead(153)), "horizon": "60", "period": "7"}
    asked = {"unit": "order", "washout": "1", "metric": "repeat", **days}

    shown = alice_the_admin.get("/practices/packaging/", asked).content.decode()
    alice_the_admin.post("/practices/packaging/trials/", asked)

    [one] = selectors.trials("packaging")
    assert one.plan.metric == "repeat"
    assert 'name="metric" value="repeat"' in shown
    assert "再購入率" in alice_the_admin.get(f"/practices/trials/{one.id}/").content.decode()
