"""Trials in a shop with figures: dealt by lot, read by assignment, with what was really given."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from joren.collect.customers import models as people
from joren.collect.orders.selectors import order_id_of, orders
from joren.core.clock import now, shop_day
from joren.core.erasing import ERASERS, Traces
from joren.core.tested import TESTED, TriedBy
from joren.decide.segments.contracts import PURCHASED
from joren.measure.practices import services as practices
from joren.measure.practices.contracts import PracticeText
from joren.measure.trials import models, selectors, services
from joren.measure.trials.contracts import (
    BadTrial,
    ExposureRow,
    NoSuchTrial,
    TrialBegan,
    TrialOverlaps,
    TrialPlan,
    TrialUnit,
)
from joren.measure.trials.rules import dealing
from joren.measure.trials.selectors import by_people, keeping, reading, scene, tried
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot, Warehouse

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2025, 10, 6), date(2025, 12, 28)  # twelve weeks
PEOPLE = range(1, 401)


def ahead(days: int) -> date:
    return shop_day(now(), "Asia/Tokyo") + timedelta(days=days)


def began(unit: TrialUnit, *, stores: list[int] | None = None) -> models.Trial:
    """One that was drawn before these figures."""
    return models.Trial.objects.create(
        practice="packaging", unit=unit, first=FIRST, last=LAST, horizon_days=60, period_days=7,
        washout_days=2, stores=stores or [], salt="salt", drawn_at=now(), drawn_by="test",
    )  # fmt: skip


def bought_instead(
    house: Warehouse, snapshot: Snapshot, rows: list[tuple[int, int, date, int, int]]
) -> None:
    """As if nothing else had been bought: (customer, order, day, nth, money) of each purchase."""
    table = [
        {
            "customer_id": one, "order_id": number, "ordered_on": day, "nth": nth,
            "ordered_at": datetime.combine(day, time(3), UTC), "store_id": 1 + one % 2,
            "revenue": money, "profit": money // 2,
        }
        for one, number, day, nth, money in rows
    ]  # fmt: skip
    with house.engine.session() as holding:
        kinds = house.snapshots.table(snapshot.id, PURCHASED).schema().to_pyarrow()
        house.snapshots.drop(snapshot.id, (PURCHASED,))
        frame = pa.Table.from_pylist(table, kinds)
        house.snapshots.write(snapshot.id, PURCHASED, holding.take(frame), house.scratch)


def all_kept(snapshot: Snapshot) -> ir.Table:
    """Nothing is cancelled and nothing comes back: what was ordered is what was bought."""
    return warehouse().snapshots.table(snapshot.id, PURCHASED)


@pytest.fixture
def buying(refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """Everybody orders on a day of the trial; whose order was drawn comes back, of others half."""
    snapshot = values.snapshot()
    ids = [order_id_of(1, f"A{one}") for one in PEOPLE]
    drawn = dealing.drawn(np.array(ids, np.int64), "salt").tolist()
    rows = []
    for one, number, treated in zip(PEOPLE, ids, drawn, strict=True):
        day = FIRST + timedelta(days=one % 84)
        rows.append((one, number, day, 1, 1000))
        if treated or one % 2:
            rows.append((one, number + 1, day + timedelta(days=30), 2, 1000 + one % 7))
        rows.append((one, number + 2, day + timedelta(days=61), 3, 9000))  # after the horizon
    bought_instead(refreshed_shop, snapshot, rows)
    monkeypatch.setattr(scene, "ordered", all_kept)
    return snapshot


def test_orders_count_by_their_lot_and_what_comes_within_the_horizon(buying: Snapshot) -> None:
    one = selectors.trial(began("order").pk)
    ids = np.array([order_id_of(1, f"A{each}") for each in PEOPLE], np.int64)
    drawn = dealing.drawn(ids, "salt")

    said = selectors.read(one, buying)

    without, with_it = said.sides
    assert (without.units, with_it.units) == (int((~drawn).sum()), int(drawn.sum()))
    assert with_it.amount == sum(
        (1000 + each % 7) // 2 for each, treated in zip(PEOPLE, drawn, strict=True) if treated
    )
    assert (said.metric, said.evidence, said.wait) == ("profit", "proven_more", None)
    means = [(side.amount or 0) / side.units for side in said.sides]
    assert said.each.value == pytest.approx(means[1] - means[0])
    assert said.net.value is None
    assert said.net.why.startswith("what one costs is not known")


def test_what_was_read_in_other_rooms_counts_among_all(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = selectors.trial(began("order").pk)
    alone = selectors.read(one, buying)
    noise = TriedBy(lambda: [0.9] * 9, list, lambda: 0)

    monkeypatch.setattr(TESTED, "items", lambda: [("noise", noise)])

    assert alone.p is not None
    assert alone.q == alone.p
    assert selectors.read(one, buying).q == pytest.approx(10 * alone.p)


def test_a_trial_that_cannot_be_read_holds_up_no_other_room(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began("order")
    began("order").save()

    def refusing(_one: object, _snapshot: Snapshot) -> None:
        raise ZeroDivisionError

    assert len(tried.TRIED.p_values()) == 2
    monkeypatch.setattr(reading, "by_itself", refusing)

    assert list(tried.TRIED.p_values()) == []


def test_what_was_given_shows_whether_the_lot_was_kept_to_and_what_it_cost(
    buying: Snapshot,
) -> None:
    number = began("order").pk
    people.Store.objects.get_or_create(pk=1, defaults={"name": "own"})
    name = people.Store.objects.get(pk=1).name
    practices.write("packaging", PracticeText(unit="order", cost=80), by="alice")
    ids = {each: order_id_of(1, f"A{each}") for each in PEOPLE}
    arms = dict(zip(ids, dealing.drawn(np.array([*ids.values()], np.int64), "salt"), strict=True))
    given = [ExposureRow(name, f"A{each}") for each in PEOPLE if arms[each]]

    first = services.expose(number, [*given, ExposureRow("nowhere", "A1")], by="alice")
    services.expose(number, given[:1], by="alice")  # again is the same
    services.expose(number, [ExposureRow(name, given[0].order_number, given="no")], by="alice")

    assert (first.recorded, first.refused, first.faults[0].column) == (len(given), 1, "store")
    said = selectors.read(selectors.trial(number), buying)
    assert said.sides[0].given == 0.0
    assert said.sides[1].given == pytest.approx((len(given) - 1) / len(given))
    assert said.cost == 80 * (len(given) - 1)
    others = [ExposureRow(name, f"A{each}") for each in PEOPLE if not arms[each]]
    services.expose(number, others, by="alice")
    all_got_it = selectors.read(selectors.trial(number), buying)
    assert all_got_it.sides[0].given == 1.0
    assert all_got_it.cost == -80  # one fewer of as many
    assert said.net.value == pytest.approx((said.gain.value or 0) - said.cost)


def test_the_day_of_an_order_decides_however_late_it_is_packed(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = refreshed_shop.engine.rows(orders(refreshed_shop).limit(1))
    named, _ = people.Store.objects.get_or_create(pk=row["store_id"], defaults={"name": "own"})
    store = named.name
    late = row["ordered_on"] + timedelta(days=30)
    trial = began("order")
    trial.first = trial.last = row["ordered_on"]
    trial.save()
    one, number = selectors.trial(trial.pk), row["order_number"]
    ids = {number: row["order_id"]}  # the invented shop has small numbers
    monkeypatch.setattr(keeping.orders, "order_id_of", lambda _, given: ids.get(given, 10**15))

    packed = selectors.arm(one, store=store, order_number=number, today=late)
    said = selectors.arm(one, store=store, order_number=number, today=late, on=late)
    unknown = selectors.arm(one, store=store, order_number="none", today=late)

    (drawn,) = dealing.drawn(np.array([row["order_id"]], np.int64), "salt").tolist()
    assert (packed.counts, packed.treated) == (True, drawn)
    assert not said.counts
    assert not unknown.counts


def test_a_trial_is_counted_once_for_what_was_said(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = began("order").pk
    name = people.Store.objects.get_or_create(pk=1, defaults={"name": "own"})[0].name
    count, counted = [0], reading._counted

    def counting(*given: Any) -> Any:
        count[0] += 1
        return counted(*given)

    monkeypatch.setattr(reading, "_counted", counting)
    first = selectors.read(selectors.trial(number), buying)
    again = selectors.read(selectors.trial(number), buying)
    before = count[0]
    services.expose(number, [ExposureRow(name, "A1")], by="alice")
    renewed = selectors.read(selectors.trial(number), buying)

    assert (before, count[0]) == (1, 2)
    assert first == again
    assert renewed.sides != first.sides


def test_where_few_bought_again_the_lot_is_dealt_anew(
    buying: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = selectors.trial(began("order").pk)
    asked: list[int] = []

    def unlucky(_control: object, treated: Any, _n: object, _rng: object) -> float:
        asked.append(len(treated))
        return 0.5

    monkeypatch.setattr(by_people, "wants_permutation", lambda *_: True)
    monkeypatch.setattr(by_people, "permutation", unlucky)

    said = selectors.read(one, buying)

    assert asked == [said.sides[1].units]
    assert (said.evidence, said.p) == ("not_proven", 0.5)


def test_before_its_days_are_over_nobody_sees_what_the_sides_brought(
    buying: Snapshot, bob_the_viewer: Client
) -> None:
    row = began("order")
    models.Trial.objects.filter(pk=row.pk).update(last=buying.as_of + timedelta(days=9))

    said = selectors.read(selectors.trial(row.pk), buying)
    page = bob_the_viewer.get(f"/practices/trials/{row.pk}/").content.decode()

    assert said.wait is not None
    assert [side.amount for side in said.sides] == [None, None]
    assert sum(side.orders for side in said.sides) > 0
    assert "試行の期間は終わりました" in page or "今日は" in page


@pytest.mark.parametrize("unit", ["week", "store"])
def test_stretches_count_the_days_that_are_not_washed_out(
    refreshed_shop: Warehouse, buying: Snapshot, unit: TrialUnit
) -> None:
    one = selectors.trial(began(unit, stores=[1, 2] if unit == "store" else []).pk)
    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(buying.id, PURCHASED))

    said = selectors.read(one, buying)

    for side in said.sides:
        mine = [each for each in selectors.schedule(one) if each.treated is side.treated]
        assert side.units == len(mine)
        assert side.amount == sum(
            row["profit"] for row in rows for each in mine
            if each.counted_from <= row["ordered_on"] <= each.last
            and each.store in (None, row["store_id"])
        )  # fmt: skip
    if unit == "week":
        assert said.evidence != "too_few"
        days = [(side.amount or 0) / side.units for side in said.sides]
        assert said.lift.value == pytest.approx(days[1] / days[0] - 1)


def test_a_trial_comes_before_alone_and_what_began_stays(refreshed_shop: Warehouse) -> None:
    plan = TrialPlan("packaging", "order", ahead(1), ahead(60))

    made = services.draw(plan, by="alice")

    assert selectors.read(made, values.snapshot()).evidence == "not_yet"
    with pytest.raises(TrialOverlaps):
        services.draw(TrialPlan("packaging", "week", ahead(60), ahead(160)), by="alice")
    with pytest.raises(BadTrial):
        services.draw(TrialPlan("packaging", "order", ahead(0), ahead(60)), by="alice")
    services.call_off(made.id, by="alice")
    with pytest.raises(NoSuchTrial):
        selectors.trial(made.id)
    with pytest.raises(TrialBegan):
        services.call_off(began("week").pk, by="alice")


def test_pages_and_programs_say_the_same(
    buying: Snapshot, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    number, page = began("week").pk, alice_the_admin
    (store, _) = people.Store.objects.get_or_create(pk=1, defaults={"name": "own"})
    sent = SimpleUploadedFile("got.csv", f"store,order_number\n{store.name},A1\nx,A2\n".encode())

    answered = page.post(f"/practices/trials/{number}/expose/", {"file": sent}).content.decode()
    told = page.get(f"/api/trials/{number}/result").json()
    periods = page.get(f"/api/trials/{number}/periods").json()["items"]

    assert "その店舗はない" in answered
    assert f"/practices/trials/{number}/" in page.get("/practices/packaging/").content.decode()
    assert told["sides"][1]["units"] == sum(one["treated"] for one in periods) == 6
    first = next(one for one in periods if one["treated"])
    asked, day = f"/api/trials/{number}/arm", {"on": first["last"]}
    said = page.post(asked, day, content_type="application/json")
    assert said.json() == {"treated": True, "counts": True}
    assert bob_the_viewer.post(asked, day, content_type="application/json").status_code == 403
    page.post("/practices/packaging/trials/", {"unit": "order", "first": str(ahead(1)),
              "last": str(ahead(9)), "horizon": "30", "period": "7", "washout": "1"})  # fmt: skip
    assert [one.plan.unit for one in selectors.trials("packaging")] == ["order", "week"]
    assert bob_the_viewer.get(f"/practices/trials/{number}/").status_code == 200


def test_who_is_forgotten_is_in_no_trial(db: None) -> None:
    row = began("order")
    for kind in ("customer", "order"):
        models.Exposure.objects.create(
            trial=row, kind=kind, number=7, given=True, said_at=now(), said_by="test"
        )

    gone = ERASERS["trials"].erase(Traces((7,)))

    assert gone == {"trials of practices": 1}
    assert [one.kind for one in models.Exposure.objects.all()] == ["order"]
