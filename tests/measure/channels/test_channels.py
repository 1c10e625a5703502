"""Channels in a shop with figures: areas are dealt, spends are said, and both are read."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pytest
from django.test import Client

from joren.collect.customers.contracts import TRAITS
from joren.core.clock import now, shop_day
from joren.decide.segments.contracts import PURCHASED
from joren.measure.channels import selectors, services
from joren.measure.channels.contracts import (
    AreaTestBegan,
    AreaTestNameTaken,
    AreaTestOverlaps,
    AreaTestText,
    BadAreaTest,
    NoSuchAreaTest,
    NoSuchSpend,
    TooFewAreas,
)
from joren.measure.channels.selectors import areas, reading
from joren.measure.experiments.contracts import NOT_READ
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot, Warehouse

pytestmark = pytest.mark.django_db

BEGUN = date(2025, 12, 1)
NOW = date(2026, 3, 2)
PLACES = ("東京", "大阪府", "愛知", "福岡県", "北海道", "宮城県", "広島県", "静岡県", "新潟県",
          "長野県", "京都府", "兵庫県", "岡山県")  # fmt: skip
CHOSEN = AreaTestText("秋のチラシ", "flyer", "prefecture", BEGUN, date(2026, 1, 31), 14,
                      ("大阪", "愛知県"))  # fmt: skip


@pytest.fixture
def housed(refreshed_shop: Warehouse) -> Snapshot:
    """Customers of thirteen prefectures, and of none that is known, who buy every week."""
    house, snapshot = refreshed_shop, values.snapshot()
    chance = random.Random(3)
    every = range(1, 81)
    traits = [{"customer_id": one, "prefecture": (*PLACES, None)[one % 14]} for one in every]
    bought = [
        {"customer_id": one, "order_id": len(PLACES) * week * 100 + one,
         "ordered_on": snapshot.as_of - timedelta(days=7 * week + one % 7), "nth": 60 - week,
         "revenue": (revenue := 900 + chance.randrange(200)),
         "profit": revenue // 2 if one % 10 else None}
        for one in every
        for week in range(60)
    ]  # fmt: skip
    with house.engine.session() as holding:
        for spec, rows in ((TRAITS, traits), (PURCHASED, bought)):
            kinds = house.snapshots.table(snapshot.id, spec).schema().to_pyarrow()
            house.snapshots.drop(snapshot.id, (spec,))
            table = pa.Table.from_pylist(rows, kinds)
            house.snapshots.write(snapshot.id, spec, holding.take(table), house.scratch)
    return snapshot


def ahead(days: int) -> date:
    return shop_day(now(), "Asia/Tokyo") + timedelta(days=days)


def test_areas_add_up_what_their_customers_bought(
    refreshed_shop: Warehouse, housed: Snapshot
) -> None:
    made = services.draw_test(CHOSEN, by="alice")

    said = selectors.read(made, housed)

    bought = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(housed.id, PURCHASED))
    in_tokyo = [row for row in bought if row["customer_id"] % 14 == 0]
    tokyo = next(one for one in said.areas if one.name == "東京都")
    first, last = made.text.before
    rows = selectors.daily(housed, first, made.text.last)
    revenue = selectors.sold_by_area(rows, "prefecture", "revenue", first, last)
    assert revenue["東京都"] == sum(
        row["revenue"] for row in in_tokyo if first <= row["ordered_on"] <= last
    )
    assert tokyo.before == selectors.sold_by_area(
        rows, "prefecture", "profit", first, last
    )["東京都"]  # fmt: skip
    few = [replace(one, known=one.revenue // 2) for one in rows]
    assert (areas.metric_of(rows), areas.metric_of(few), areas.metric_of([])) == (
        "profit", "revenue", "revenue",
    )  # fmt: skip
    since = [row for row in bought if BEGUN <= row["ordered_on"] <= made.text.last]
    homeless = sum(row["revenue"] for row in since if row["customer_id"] % 14 == 13)
    assert said.without_area.value == pytest.approx(homeless / sum(row["revenue"] for row in since))
    assert (said.metric, made.by_lot) == ("profit", False)
    assert said.evidence in ("higher", "lower", "open")
    assert said.wait is None


def test_a_lot_comes_before_and_is_read_when_its_days_are_over(housed: Snapshot) -> None:
    text = replace(CHOSEN, started_on=ahead(3), stopped_on=ahead(30), treated=())

    made = services.draw_test(text, by="alice")

    assert made.by_lot
    assert len(made.areas) == 12  # six pairs of thirteen
    said = selectors.read(made, housed)
    assert (said.evidence, said.lift.value, said.deals) == ("not_yet", None, 64)
    assert said.wait is not None
    with pytest.raises(AreaTestNameTaken):
        services.draw_test(text, by="bob")
    services.call_off(made.id, by="alice")
    with pytest.raises(NoSuchAreaTest):
        selectors.area_test(made.id)


def test_a_running_test_shows_neither_arm(housed: Snapshot, alice_the_admin: Client) -> None:
    begun = replace(CHOSEN, started_on=housed.as_of - timedelta(days=20), stopped_on=ahead(60))
    made = services.draw_test(begun, by="alice")

    said = selectors.read(made, housed)

    assert said.wait is not None
    assert any(each.before for each in said.areas)
    assert {each.after for each in said.areas} == {None}
    assert said.weeks
    assert max(each.week for each in said.weeks) == -1
    page = alice_the_admin.get(f"/channels/tests/{made.id}/").content.decode()
    assert "開始後の売上は、結果を読む日が来たら表示します。" in page


def test_two_tests_of_one_channel_do_not_deal_over_the_same_days(housed: Snapshot) -> None:
    text = replace(CHOSEN, started_on=ahead(3), stopped_on=ahead(30), treated=())
    first = services.draw_test(text, by="alice")

    last_days = replace(text, name="次", started_on=first.text.last, stopped_on=ahead(90))
    with pytest.raises(AreaTestOverlaps):
        services.draw_test(last_days, by="alice")
    with pytest.raises(AreaTestOverlaps):
        services.draw_test(replace(last_days, treated=CHOSEN.treated), by="alice")

    services.draw_test(replace(last_days, channel="tv"), by="alice")
    after = first.text.last + timedelta(days=1)
    services.draw_test(replace(last_days, name="後", started_on=after), by="alice")
    assert len(selectors.area_tests()) == 3


def test_five_pairs_are_too_few_and_what_began_stays(housed: Snapshot) -> None:
    waves = replace(CHOSEN, unit="broadcast", started_on=ahead(3), stopped_on=ahead(30), treated=())
    with pytest.raises(TooFewAreas):  # 近畿 is one, so that eleven are left
        services.draw_test(waves, by="alice")

    began = services.draw_test(CHOSEN, by="alice")

    assert began.text.treated == ("大阪府", "愛知県")
    with pytest.raises(AreaTestBegan):
        services.call_off(began.id, by="alice")


def test_the_cost_of_a_test_is_said_once_and_stands_in_its_channel(housed: Snapshot) -> None:
    made = services.draw_test(CHOSEN, by="alice")

    kept = services.say_spend("", first=NOW, last=NOW, amount=50_000, test=made.id, by="alice")
    services.say_spend("TV ", first=NOW, last=NOW, amount=70_000, by="alice")

    assert selectors.area_test(made.id).cost == 50_000
    rows = {one.channel: one for one in selectors.compared(housed)}
    assert (rows["flyer"].spend, rows["tv"].spend) == (50_000, 70_000)
    assert rows["flyer"].evidence == "untested"  # somebody chose the areas
    services.take_spend_back(kept.id, by="alice")
    assert selectors.area_test(made.id).cost is None
    with pytest.raises(NoSuchSpend):
        services.take_spend_back(kept.id, by="alice")


def test_one_that_cannot_be_read_says_so_and_keeps_no_other_back(
    housed: Snapshot, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    broken = services.draw_test(CHOSEN, by="alice")
    later = replace(CHOSEN, name="冬のチラシ", lag_days=21)
    well = services.draw_test(later, by="alice")
    counted = reading.daily

    def refuses(snapshot: Snapshot, since: date, last: date) -> list[areas.DaySum]:
        if since == broken.text.before[0]:
            raise duckdb.Error("no such file")
        return counted(snapshot, since, last)

    monkeypatch.setattr(reading, "daily", refuses)
    said = selectors.results(housed)

    assert (said[broken.id].evidence, said[broken.id].gain.why) == ("not_yet", NOT_READ)
    assert said[well.id].evidence in ("higher", "lower", "open")
    assert selectors.read(broken, housed).gain.why == NOT_READ
    for page in ("/channels/", f"/channels/tests/{broken.id}/", "/effects/"):
        assert alice_the_admin.get(page).status_code == 200


def test_design_knows_what_could_be_seen(housed: Snapshot) -> None:
    said = selectors.design(housed, "prefecture", 84)
    few = selectors.design(housed, "broadcast", 84)
    for days in (0, 572_906):
        with pytest.raises(BadAreaTest):
            selectors.design(housed, "prefecture", days)

    assert (said.areas, said.deals) == (12, 64)
    assert said.lift.value is not None
    assert 0 < said.lift.value < 0.2  # they hardly move by themselves
    assert few.lift.value is None
    assert few.lift.why == "the areas can be dealt in fewer than 40 ways"


def test_pages_and_programs_say_the_same(
    housed: Snapshot, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = alice_the_admin
    page.post("/channels/act/", {"do": "draw", "name": "秋のチラシ", "channel": "flyer",
                                 "unit": "prefecture", "started_on": "2025-12-01",
                                 "stopped_on": "2026-01-31", "lag_days": "14",
                                 "treated": "大阪、愛知県"})  # fmt: skip
    (made,) = selectors.area_tests()
    page.post("/channels/act/", {"do": "spend", "first": "2026-02-01", "last": "2026-02-03",
                                 "amount": "30,000", "test": str(made.id)})  # fmt: skip

    shown = page.get("/channels/?days=84").content.decode()
    told = page.get(f"/api/channels/area-tests/{made.id}/result").json()
    test = page.get(f"/channels/tests/{made.id}/").content.decode()

    assert "秋のチラシ" in shown
    assert "5回に4回" in shown
    assert told["areas"][0]["name"] in test
    assert told["per_yen"]["value"] == pytest.approx(told["gain"]["value"] / 30_000)
    rows = page.get("/api/channels").json()["items"]
    assert [(one["channel"], one["spend"]) for one in rows if one["spend"]] == [("flyer", 30_000)]
    csv = page.get(f"/channels/tests/{made.id}/?format=csv&table=areas").getvalue()  # type: ignore[attr-defined]
    assert csv.decode("utf-8-sig").count("\n") == len(made.areas) + 1
    assert bob_the_viewer.post("/channels/act/", {"do": "spend"}).status_code == 403
