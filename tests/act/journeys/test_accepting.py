"""Orders of files and webhooks start journeys: each once, and none that is old."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from joren.act.journeys import models, selectors, services
from joren.act.journeys.contracts import CARRIED
from joren.act.journeys.rules import read, written
from joren.act.journeys.rules.walking import move_name
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.collect.customers import services as customers
from joren.collect.orders.contracts import ORDERS
from joren.core import clock
from joren.core.ids import CustomerId
from joren.decide.holdouts import models as lots
from joren.plumbing.warehouse import warehouse
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.warehouse import Warehouse
from joren.warehouse.rows import write_rows
from tests.act.journeys.cast import NOON, a_journey, said
from tests.act.journeys.test_travelling import bought
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db
WAIT = {"id": "wait", "do": "wait", "minutes": 1440, "then": "end"}


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def brought(
    folder: Path, number: int, *orders: tuple[int, str, float, str], store: int = 1
) -> None:
    """(customer, number, days ago, status), as an import leaves them in its folder."""
    place = folder / f"import-{number}" / ORDERS.name
    place.mkdir(parents=True)
    rows = []
    for order, (customer, name, days, status) in enumerate(orders):
        at: datetime = NOON - timedelta(days=days)
        row: dict[str, Any] = dict.fromkeys(ORDERS.columns)
        rows.append(row | {
            "order_id": number * 100 + order, "import_id": number, "identity_id": customer,
            "store_id": store, "order_number": name, "ordered_at": at, "ordered_on": at.date(),
            "status": status, "currency": "JPY", "free": False, "revenue": 3_000,
            "main_category": "茶", "content": 1,
        })  # fmt: skip
    write_rows(rows, place, ORDERS)
    services.accept(folder / f"import-{number}", number)


def running(**more: Any) -> int:
    kept = services.create(a_journey([WAIT], reentry="always", **more), by="alice")
    return services.publish(kept.id, by="alice").id


def entered() -> list[tuple[int, Any]]:
    rows = models.Enrolment.objects.order_by("pk").values_list("customer_id", "cause")
    return [(customer, cause.get("order_number")) for customer, cause in rows]


def test_an_order_starts_a_journey_once_whoever_tells_it_and_an_old_one_does_not(
    tmp_path: Path,
) -> None:
    people([1, 2, 3])
    running()

    brought(tmp_path, 1, (1, "A", 0.1, "open"), (2, "B", 4, "paid"), (3, "C", 1, "cancelled"),
            (99, "D", 0, "paid"))  # fmt: skip
    services.tick()
    services.accept(tmp_path / "import-1", 1)  # the last step again, after a crash
    brought(tmp_path, 2, (1, "A", 0.1, "paid"), (1, "E", 0, "paid"))  # a newer version, and another
    services.hear(1, bought(1, order_number="A", when=NOON))
    services.hear(2, bought(3, order_number="F", when=NOON))
    brought(tmp_path, 3, (3, "F", 0, "paid"))
    services.hear(3, bought(3, when=NOON))  # without a number it is known by nothing
    services.tick()

    assert entered() == [(1, "A"), (1, "E"), (3, "F"), (3, None)]
    cause = models.Enrolment.objects.earliest("pk").cause
    assert cause == {"order_number": "A", "currency": "JPY", "value": 3_000, "category": "茶"}
    assert set(cause) <= set(CARRIED)
    services.sweep(NOON + timedelta(days=40))
    assert not models.Heard.objects.exists()


def test_an_order_is_heard_once_whoever_its_customer_turns_out_to_be(tmp_path: Path) -> None:
    people([1, 2])
    running()
    models.Heard.objects.create(customer_id=2, order_number="Z", told_by="orders:0", at=NOON)
    brought(tmp_path, 1, (2, "A", 0.1, "open"))
    services.tick()

    customers.merge_customers(CustomerId(1), CustomerId(2), by="x", why="")
    brought(tmp_path, 2, (2, "A", 0.1, "shipped"), (2, "Z", 0, "paid"))
    brought(tmp_path, 3, (2, "A", 0, "paid"), store=2)  # another store has such a number too
    services.tick()

    assert entered() == [(2, "A"), (1, "A")]


def test_who_was_there_under_another_number_enters_as_seldom_as_the_document_says() -> None:
    people([1, 2, 3])
    for name, more in {"never": {}, "after": {"reentry_days": 9}}.items():
        kept = services.create(a_journey([WAIT], name=name, reentry=name, **more), by="alice")
        services.publish(kept.id, by="alice")
    said(2, order_number="A")
    services.tick()

    customers.merge_customers(CustomerId(1), CustomerId(2), by="x", why="")
    said(1, order_number="B")
    said(3, order_number="C")
    services.tick()

    assert sorted(entered()) == [(2, "A"), (2, "A"), (3, "C"), (3, "C")]


def test_a_document_may_want_older_orders_and_old_ones_are_goals_still(tmp_path: Path) -> None:
    people([1, 2])
    running(order_days=10, goal=[{"kind": "event", "event": "Order Completed"}])

    brought(tmp_path, 1, (1, "A", 9, "paid"), (2, "B", 11, "paid"))
    services.tick()
    brought(tmp_path, 2, (1, "C", 8.5, "paid"))
    services.tick()

    assert entered() == [(1, "A"), (1, "C")]
    assert [row.standing for row in models.Enrolment.objects.order_by("pk")] == ["goal", "active"]


def test_nobody_is_listened_to_where_no_journey_asks_for_orders(tmp_path: Path) -> None:
    people([1])
    brought(tmp_path, 1, (1, "A", 0, "paid"))
    running(triggers=[{"kind": "event", "event": "Cart Viewed"}])
    brought(tmp_path, 2, (1, "B", 0, "paid"))

    assert not models.Signal.objects.exists()
    assert not models.Heard.objects.exists()


def test_the_goal_of_one_entry_leaves_another_one_of_theirs(home: Path) -> None:
    people([1])
    record(1, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    template = messages.create(a_template(kind="thanks"), by="alice").id
    send = {"id": "send", "do": "send", "template": template, "then": "wait"}
    reviewed = {"kind": "event", "event": "Product Reviewed", "same": ["order_number"]}
    kept = services.create(a_journey([send, WAIT], reentry="always", goal=[reviewed]), by="alice")
    services.publish(kept.id, by="alice")

    said(1, order_number="A")
    said(1, order_number="B")
    services.tick()
    said(1, "Product Reviewed", order_number="A")
    services.tick()

    one, other = ledger.Send.objects.order_by("occurrence")
    assert [row.standing for row in models.Enrolment.objects.order_by("pk")] == ["goal", "active"]
    assert one.reason == "cancelled:left"
    assert other.reason != "cancelled:left"


def test_another_share_holds_for_whoever_enters_from_then_on(home: Path) -> None:
    people(range(1, 41))
    kept = services.create(
        a_journey([WAIT], reentry="always", holdout=0.1, no_holdout_why=""), by="alice"
    )
    first = services.publish(kept.id, by="alice").holdout
    for one in range(1, 21):
        said(one)
    services.tick()
    services.publish(kept.id, by="alice")
    assert selectors.journey(kept.id).holdout == first  # the same share is the same lot
    told = models.Version.objects.get(number=2)
    told.document["holdout"] = 0.5  # as an older joren said it, and kept the lot of a tenth
    told.save()

    raw = written(selectors.journey(kept.id).draft)
    services.change(kept.id, read(raw | {"holdout": 0.5}), by="alice")
    second = services.publish(kept.id, by="alice").holdout
    for one in range(21, 41):
        said(one)
    services.tick()

    assert second != first
    places = lots.Place.objects.values_list("holdout_id", "held_out")
    held = [(one, sum(flag for lot, flag in places if lot == one)) for one in (first, second)]
    assert held == [(first, 2), (second, 10)]
    assert first is not None
    assert second is not None
    assert {*selectors.under([first, second]).values()} == {(kept.id, "お礼")}
    assert (selectors.drawn_by(first)[1], selectors.drawn_by(second)[1]) == (NOON, None)
    services.change(kept.id, read(raw | {"holdout": 0, "no_holdout_why": "x"}), by="alice")
    assert services.publish(kept.id, by="alice").holdout is None


def test_who_is_expected_to_bring_most_goes_first(refreshed_shop: Warehouse) -> None:
    house = warehouse()
    newest = house.snapshots.latest()
    assert newest is not None
    rows = house.engine.rows(house.snapshots.table(newest.id, CUSTOMER_VALUES).limit(5))
    known = {row["customer_id"]: round(row["revenue_365d"] or 0) for row in rows}
    people([*known, 999_999])
    template = messages.create(a_template(kind="thanks"), by="alice").id
    send = {"id": "send", "do": "send", "template": template, "then": "end"}
    kept = services.create(a_journey([send]), by="alice")
    services.publish(kept.id, by="alice")
    for one in (*known, 999_999):
        said(one)

    services.tick()

    worth = dict(ledger.Send.objects.values_list("customer_id", "worth"))
    assert worth == known | {999_999: 0}


def _sends(goal: list[dict[str, Any]] | None = None, **more: Any) -> int:
    """A letter at once and another a day later; returns the journey."""
    template = messages.create(a_template(kind="thanks"), by="alice").id
    nodes = [
        {"id": "one", "do": "send", "template": template, "then": "wait"},
        {**WAIT, "then": "two"},
        {"id": "two", "do": "send", "template": template, "then": "call"},
        {"id": "call", "do": "task", "title": "電話", "then": "end"},
    ]
    kept = services.create(a_journey(nodes, goal=goal or [], **more), by="alice")
    return services.publish(kept.id, by="alice").id


def _sent() -> list[tuple[int, str]]:
    rows = ledger.Send.objects.order_by("pk").values_list("customer_id", "reason")
    return [(customer, reason) for customer, reason in rows]


def test_who_entered_under_another_number_reaches_the_goal_as_who_they_are(home: Path) -> None:
    people([1, 2])
    _sends(goal=[{"kind": "event", "event": "Product Reviewed"}])
    said(2, order_number="A")
    services.tick()
    customers.merge_customers(CustomerId(1), CustomerId(2), by="x", why="")

    said(1, "Product Reviewed")
    said(2, "Product Reviewed")  # told before they were found to be one
    services.tick()

    assert models.Enrolment.objects.get().standing == "goal"
    assert not models.Signal.objects.exists()


def test_two_entries_that_turn_out_to_be_one_persons_are_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2, 3])
    _sends()
    for one in (2, 1, 3):
        said(one, order_number=str(one))
    services.tick()
    customers.merge_customers(CustomerId(1), CustomerId(2), by="x", why="")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=2))

    services.tick()

    entries = models.Enrolment.objects.order_by("pk").values_list("customer_id", "standing")
    assert list(entries) == [(2, "done"), (1, "left"), (3, "done")]
    assert sorted(customer for customer, _ in _sent()) == [1, 2, 2, 3, 3]
    assert sorted(models.Duty.objects.values_list("customer_id", flat=True)) == [1, 3]


def test_a_number_that_leaves_its_segment_by_a_merge_is_nobody_who_left(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2, 3, 4])
    journey = _sends()
    rows = models.Version.objects.filter(journey_id=journey)
    document = rows.get().document
    leaves = [{"kind": "segment", "segment": 9, "move": "leaves"}]
    rows.update(document={**document, "goal": leaves})
    assert read(rows.get().document).goal
    for one in (2, 4):
        said(one, order_number=str(one))
    services.tick()
    for winner, loser in ((1, 2), (3, 4)):
        customers.merge_customers(CustomerId(winner), CustomerId(loser), by="x", why="")
    monkeypatch.setattr(
        selectors, "belonging", lambda _segment, some: [one for one in some if one == 1]
    )

    for one in (2, 4):
        said(one, move_name(9, entered=False))
    with mock.patch("joren.act.journeys.services.ticking.follow"):
        services.tick()

    standing = dict(models.Enrolment.objects.values_list("customer_id", "standing"))
    assert standing == {2: "active", 4: "goal"}


def test_who_is_left_out_of_everything_walks_as_a_ghost_in_neither_arm(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(range(1, 41))
    journey = _sends(holdout=0.1, no_holdout_why="")
    lots.GloballyHeld.objects.create(customer_id=7, lot=99, until=NOON.date() + timedelta(60))
    for one in range(1, 41):
        said(one, order_number=str(one))
    services.tick()
    own = lots.Holdout.objects.get(pk=models.Journey.objects.get(pk=journey).holdout)
    treated = models.Enrolment.objects.filter(lot=None).order_by("pk")[0].customer_id
    lots.GloballyHeld.objects.create(customer_id=treated, lot=99, until=NOON.date() + timedelta(60))
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=2))

    services.tick()

    assert models.Enrolment.objects.get(customer_id=7).lot == 99
    assert not lots.Place.objects.filter(holdout=own, customer_id=7).exists()
    assert own.places.count() == 39
    duties = models.Duty.objects.values_list("customer_id", flat=True)
    assert {*duties} == {one.customer_id for one in models.Enrolment.objects.filter(lot=None)} - {
        treated
    }
    assert ledger.Send.objects.filter(customer_id=7).count() == 2
