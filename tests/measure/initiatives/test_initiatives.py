"""An initiative from its name to its baselines, in a shop with figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from joren.decide.holdouts import services as holdouts
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import PURCHASED, All
from joren.measure.initiatives import models, selectors, services
from joren.measure.initiatives.contracts import (
    BadInitiative,
    Initiative,
    InitiativeNameTaken,
    InitiativeText,
    LatePoint,
    NoSuchInitiative,
)
from joren.measure.reviews import selectors as reviews
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db
BEGUN = date(2025, 12, 1)
TEXT = InitiativeText("梱包の見直し", "orders", BEGUN, 28)


def test_weeks_are_counted_as_by_hand(refreshed_shop: Warehouse) -> None:
    made = services.add(TEXT, by="alice")
    snapshot = values.snapshot()

    points = selectors.weeks(made, snapshot)

    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))
    days = [row["ordered_on"] for row in rows]
    assert [one.value for one in points] == [
        sum(one.first <= day <= one.last for day in days) for one in points
    ]
    assert all(one.first >= min(days) and one.last <= snapshot.as_of for one in points)
    f2 = replace(made, text=replace(TEXT, metric="f2_90"))
    firsts: dict[int, list[date]] = {}
    for row in rows:
        firsts.setdefault(row["customer_id"], []).append(row["ordered_on"])
    for one in selectors.weeks(f2, snapshot):
        came = [
            any(0 < (day - min(each)).days <= 90 for day in each)
            for each in firsts.values()
            if one.first <= min(each) <= one.last
        ]
        assert (one.n, one.value) == (len(came), pytest.approx(sum(came) / len(came)))


def test_baselines_come_by_themselves_once_and_by_hand_with_a_reason(
    refreshed_shop: Warehouse,
) -> None:
    made = services.add(TEXT, by="alice")

    again = services.renew_baselines()
    rebased = services.rebase(made.id, reason="春に送料を変えた", by="alice")

    assert made.baselines[0].why == "start"
    assert again == 0
    assert [one.why for one in rebased.baselines if one.why == "by_hand"] == ["by_hand"]
    assert len(rebased.baselines) == len(made.baselines) + 1
    with pytest.raises(BadInitiative):
        services.rebase(made.id, reason=" ", by="alice")
    moved = services.write(made.id, replace(TEXT, started_on=BEGUN + timedelta(days=7)), by="bob")
    assert {one.first for one in moved.baselines} != {one.first for one in made.baselines}


def test_one_row_that_cannot_be_counted_stops_no_other(
    refreshed_shop: Warehouse, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInitiative):
        services.add(replace(TEXT, started_on=date(26, 12, 1)), by="alice")
    bad = services.add(replace(TEXT, name="昔"), by="alice")
    good = services.add(TEXT, by="alice")
    models.Baseline.objects.all().delete()
    weeks = selectors.weeks

    def broken(one: Initiative, *more: Any) -> tuple[LatePoint, ...]:
        if one.id == bad.id:
            raise OverflowError
        return weeks(one, *more)

    monkeypatch.setattr(selectors, "weeks", broken)

    kept = services.renew_baselines()

    assert kept == len(selectors.initiative(good.id).baselines) > 0
    assert f"initiative {bad.id} were not set" in caplog.text


def test_costs_add_up_and_are_taken_back(refreshed_shop: Warehouse) -> None:
    made = services.add(TEXT, by="alice")
    assert made.cost is None

    services.say_cost(made.id, on=BEGUN, amount=30_000, note="箱", by="alice")
    both = services.say_cost(made.id, on=BEGUN, amount=5_000, by="alice")
    left = services.take_cost_back(made.id, both.costs[0].id, by="alice")

    assert (both.cost, left.cost) == (35_000, 5_000)
    with pytest.raises(NoSuchInitiative):
        services.take_cost_back(made.id, 10_000, by="alice")


def test_with_a_holdout_it_is_an_experiment_and_without_it_never_is(
    refreshed_shop: Warehouse,
) -> None:
    kept = segments.create("全員", All(), by="alice")
    drawn = holdouts.divide(kept.id, name="箱", share=0.5, by="alice")
    made = services.add(TEXT, by="alice")
    snapshot = values.snapshot()

    alone = selectors.effect(made, snapshot)
    by_lot = selectors.effect(
        services.write(made.id, replace(TEXT, holdout=drawn.id), by="alice"), snapshot
    )

    assert not alone.experiment
    assert not alone.evidence.startswith("proven")
    assert by_lot.experiment
    assert by_lot.holdout is not None
    assert by_lot.holdout.evidence == "not_yet"
    with pytest.raises(InitiativeNameTaken):
        services.add(TEXT, by="bob")


def test_orders_are_counted_once_however_many_initiatives_there_are(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [services.add(replace(TEXT, name=name), by="alice") for name in "箱 紙 函".split()]
    asked: list[int] = []
    count = selectors.counted
    monkeypatch.setattr(
        selectors, "counted", lambda snapshot: asked.append(snapshot.id) or count(snapshot)
    )
    snapshot = values.snapshot()

    several = selectors.effects_of(made, snapshot)
    reviews.agenda_now(snapshot, today=date(2026, 4, 1))
    services.renew_baselines()

    assert asked == [snapshot.id] * 3  # once for each of the three questions
    assert several[0].change == selectors.effect(made[0], snapshot).change


def test_it_stands_on_the_agenda_until_it_ends(refreshed_shop: Warehouse) -> None:
    made = services.add(TEXT, by="alice")
    snapshot = values.snapshot()

    def named() -> list[str]:
        agenda = reviews.agenda_now(snapshot, today=date(2026, 4, 1))
        return [one.name for one in agenda if one.kind == "initiative"]

    assert named() == ["梱包の見直し"]
    services.write(made.id, replace(TEXT, stopped_on=date(2026, 3, 1)), by="alice")
    assert named() == []


def test_pages_and_programs_write_and_show(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    page = alice_the_admin
    sent = {"name": "梱包の見直し", "metric": "f2_90", "started_on": "2025-11-03", "lag_days": "60"}
    page.post("/initiatives/add/", sent)
    (one,) = selectors.initiatives()
    page.post(
        f"/initiatives/{one.id}/act/",
        {"do": "cost", "on": "2025-11-04", "amount": "12,000", "note": "箱"},
    )
    page.post(f"/initiatives/{one.id}/act/", {"do": "rebase", "reason": "送料"})

    shown = page.get(f"/initiatives/{one.id}/").content.decode()
    listed = page.get("/initiatives/").content.decode()
    effects = page.get("/effects/").content.decode()
    told = page.get(f"/api/initiatives/{one.id}/effect").json()
    refused = page.post("/api/initiatives", sent, content_type="application/json")

    assert "¥12,000" in shown
    assert "実験ではありません" in shown
    assert "梱包の見直し" in listed
    assert "梱包の見直し" in effects
    assert told["experiment"] is False
    assert told["points"]
    assert refused.status_code == 409
    assert page.get("/initiatives/?format=csv").status_code == 200
