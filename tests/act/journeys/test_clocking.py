"""Who enters by a segment, by a date of their own, and by a schedule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import Every, OnDate, Ticked
from joren.act.journeys.services import clocking, hearing, tick
from joren.core import clock
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is, LiveMove
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.warehouse import Warehouse
from tests.act.journeys.cast import NOON, Doors, a_journey, minutes, published

pytestmark = pytest.mark.django_db
STAY = {"id": "a", "do": "wait", "minutes": 60, "then": "end"}


def test_who_comes_to_a_segment_enters_once_and_history_does_not(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(a_journey([STAY], triggers=[{"kind": "segment", "segment": 7}]))
    moves = [
        LiveMove(1, 7, 11, True, NOON - timedelta(days=3), False),  # before anybody listened
        LiveMove(2, 7, 12, True, NOON, True),
        LiveMove(3, 7, 13, False, NOON, False),
        LiveMove(4, 7, 14, True, NOON, False),
    ]
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(
        "joren.decide.segments.selectors.moves_since",
        lambda mark, wanted, _limit: [m for m in moves if m.id > mark and m.segment_id in wanted],
    )

    done = tick(NOON) + tick(NOON)

    assert done == Ticked(entered=1, signals=2)
    assert models.Enrolment.objects.get().customer_id == 14


def test_a_date_of_each_person_is_reckoned_by_the_newest_figures(
    refreshed_shop: Warehouse,
) -> None:
    house = warehouse()
    newest = house.snapshots.latest()
    assert newest is not None
    rows = house.engine.rows(house.snapshots.table(newest.id, CUSTOMER_VALUES))
    one = next(row for row in rows if row["frequency"])
    usual = timedelta(days=round(one["recency"] / one["frequency"]))
    wanted = {
        "first_order": one["first_on"] + timedelta(days=30),
        "last_order": one["last_on"] + timedelta(days=30),
        "next_order": one["last_on"] + usual + timedelta(days=30),
    }

    for which, day in wanted.items():
        found = selectors.due_on(OnDate(which, 30), day)  # type: ignore[arg-type]
        assert one["customer_id"] in found
        assert found == sorted(set(found))
    assert isinstance(selectors.due_on(OnDate("birthday"), date(2026, 4, 1)), list)


def test_a_schedule_tells_every_member_once_and_goes_on_where_it_was_killed(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = segments.create("repeat", Is("orders", "at_least", (2,)), by="alice")
    members = selectors.due_on(Every(kept.id), date(2026, 11, 2))
    version = published(
        a_journey([STAY], triggers=[{"kind": "schedule", "segment": kept.id, "at": "12:00"}])
    )
    monkeypatch.setattr(clocking, "AT_ONCE", 10)
    put, begun = clocking._put, iter(range(100))

    def dies(*args: object) -> None:
        if next(begun) == 1:
            raise KeyboardInterrupt
        put(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(clocking, "_put", dies)
        with pytest.raises(KeyboardInterrupt):
            clocking.ring([version], NOON, "Asia/Tokyo")
    clocking.ring([version], NOON, "Asia/Tokyo")
    clocking.ring([version], NOON + timedelta(hours=3), "Asia/Tokyo")

    told = list(models.Signal.objects.order_by("pk").values_list("customer_id", flat=True))
    assert told == members
    assert len(members) > 10


def test_who_was_told_before_another_version_came_enters_by_that_one(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(selectors, "due_on", lambda _trigger, _day: [1, 2])
    birthday = {"kind": "date", "date": "birthday", "days": 0, "at": "13:00"}
    other = {"kind": "date", "date": "first_order", "days": 0, "at": "13:00"}
    old = published(a_journey([STAY], triggers=[other, birthday]))
    one_o_clock = NOON + timedelta(hours=1)
    assert clocking.ring([old], one_o_clock, "Asia/Tokyo") == 4
    models.Signal.objects.filter(customer_id=2, name__endswith=":1").delete()

    newest = published(a_journey([STAY], triggers=[birthday]), at=one_o_clock + minutes(1))
    tick(one_o_clock + minutes(2))

    entered = models.Enrolment.objects.get()  # the other trigger is no more
    assert (entered.customer_id, entered.version_id) == (1, newest.id)


def test_a_day_that_an_older_version_began_to_tell_is_told_to_its_end(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(selectors, "due_on", lambda _trigger, _day: [1, 2, 3])
    monkeypatch.setattr(clocking, "AT_ONCE", 2)
    birthday = {"kind": "date", "date": "birthday", "days": 0, "at": "13:00"}
    other = {"kind": "date", "date": "first_order", "days": 0, "at": "13:00"}
    old = published(a_journey([STAY], triggers=[birthday, other]))
    put = clocking._put

    def dies(name: str, customers: list[int], at: datetime) -> None:
        if 3 in customers:
            raise KeyboardInterrupt
        put(name, customers, at)

    one_o_clock = NOON + timedelta(hours=1)
    with monkeypatch.context() as patch:
        patch.setattr(clocking, "_put", dies)
        with pytest.raises(KeyboardInterrupt):
            clocking.ring([old], one_o_clock, "Asia/Tokyo")

    newest = published(a_journey([STAY], triggers=[other, birthday]), at=one_o_clock + minutes(1))
    for later in (2, 3):
        tick(one_o_clock + minutes(later))

    told = models.Enrolment.objects.order_by("customer_id").values_list("customer_id", "version_id")
    assert list(told) == [(one, newest.id) for one in (1, 2, 3)]
    assert clocking.ring([newest], one_o_clock + timedelta(days=1), "Asia/Tokyo") == 6


def test_a_value_that_is_no_number_is_not_known() -> None:
    row = dict.fromkeys(hearing._SAID)
    row |= {"properties": '{"value": "free", "plan": "gold"}', "quantity": 2}

    assert hearing._properties(row) == {"plan": "gold", "quantity": 2}
