"""Arms of a split are compared over each customer's own days, by all whom the lot gave them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from joren.act.journeys import models as journeys
from joren.act.journeys.contracts import SOURCE, STEPS, Version
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import SplitTest
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.act.journeys.cast import a_journey, published
from tests.act.messages.cast import a_template, people
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db
LATE = 5
"""So many came there a day ago: their days are not over."""


def _passed(version: Version, customer: int, days_ago: int, way: int, lot: int | None) -> int:
    at = datetime.combine(values.snapshot().as_of - timedelta(days_ago), time(3), tzinfo=UTC)
    entry = journeys.Enrolment.objects.create(
        journey_id=version.journey, version_id=version.id, customer_id=customer, occurrence=1,
        node=1 + way, due_at=at + timedelta(400), lot=lot, began_at=at, entered_at=at, cause={},
        steps=1,
    )  # fmt: skip
    journeys.Passage.objects.create(
        enrolment_id=entry.pk, step=1, version_id=version.id, node=0, way=way, at=at
    )
    return entry.pk


@pytest.fixture
def split(refreshed_shop: Warehouse) -> Version:
    """Everybody came to the split 200 days before the newest figures but the last five; every
    tenth is held out, and the others fall into its arms in turns."""
    people(range(1, CUSTOMERS + 1))
    document = a_journey(
        [
            {"id": "lot", "do": "split", "arms": [
                {"name": "甲", "share": 50, "then": "a"}, {"name": "乙", "share": 50, "then": "b"},
            ]},
            {"id": "a", "do": "wait", "minutes": 60, "then": "end"},
            {"id": "b", "do": "wait", "minutes": 60, "then": "end"},
        ]
    )  # fmt: skip
    version = published(document)
    template = messages.create(a_template(), by="alice").id
    errand = messages.errand(SOURCE, version.journey, "a/1", template)
    for number in range(1, CUSTOMERS + 1):
        days, lot = (1 if number > CUSTOMERS - LATE else 200), (9 if number % 10 == 0 else None)
        entry = _passed(version, number, days, number % 2, lot)
        if number == 2:
            ledger.Send.objects.create(
                errand_id=errand, customer_id=number, occurrence=entry * STEPS + 2,
                state="sent", asked_at=datetime(2026, 1, 1, tzinfo=UTC), cost=7,
            )  # fmt: skip
    return version


def _only(version: Version) -> SplitTest:
    (found,) = selectors.split_tests(version.journey, days=30)
    return found


def test_the_sums_of_each_arm_are_those_counted_by_hand(split: Version) -> None:
    found, as_of = _only(split), values.snapshot().as_of
    rows = warehouse().engine.rows(warehouse().snapshots.table(values.snapshot().id, PURCHASED))
    first = as_of - timedelta(200)

    for way, arm in enumerate(found.arms):
        ripe = [
            number for number in range(1, CUSTOMERS + 1 - LATE)
            if number % 2 == way and number % 10
        ]  # fmt: skip
        theirs = [
            row for row in rows
            if row["customer_id"] in ripe and first <= row["ordered_on"] < first + timedelta(30)
        ]  # fmt: skip
        assert (arm.name, arm.customers) == ("甲乙"[way], len(ripe))
        assert arm.dealt > arm.customers
        assert arm.revenue == sum(row["revenue"] for row in theirs)
        assert arm.cost == (7 if way == 0 else 0)
    assert found.evidence == "too_small"  # so few prove nothing


def test_the_order_that_led_to_the_split_is_nothing_that_an_arm_brought(split: Version) -> None:
    house, before = warehouse(), _only(split)
    bought = house.snapshots.table(values.snapshot().id, PURCHASED).order_by("ordered_on")
    day = values.snapshot().as_of - timedelta(200)
    ahead = next(
        row for row in house.engine.rows(bought)
        if row["ordered_on"] > day + timedelta(30) and row["customer_id"] % 10
        and row["customer_id"] <= CUSTOMERS - LATE
    )  # fmt: skip
    entry = journeys.Enrolment.objects.get(customer_id=ahead["customer_id"])
    moved = journeys.Passage.objects.filter(enrolment_id=entry.pk)
    moved.update(at=ahead["ordered_at"] - timedelta(seconds=1))
    with_it = _only(split)
    moved.update(at=ahead["ordered_at"] + timedelta(seconds=1))

    without = _only(split)

    way = ahead["customer_id"] % 2
    assert with_it.arms[way].revenue - without.arms[way].revenue == ahead["revenue"]
    assert without.arms[1 - way] == before.arms[1 - way]


def test_arms_of_other_sizes_than_the_lot_gives_are_not_compared(split: Version) -> None:
    some = journeys.Passage.objects.filter(way=1).order_by("pk").values_list("pk", flat=True)
    journeys.Passage.objects.filter(pk__in=list(some[5:])).update(way=0)

    assert _only(split).evidence == "broken"


def test_the_page_of_the_journey_and_the_api_show_them(
    split: Version, alice_the_admin: Client
) -> None:
    page = alice_the_admin.get(f"/journeys/{split.journey}/").content.decode()
    told = alice_the_admin.get(f"/api/journeys/{split.journey}/splits").json()["items"]

    assert 'id="splits"' in page
    assert [arm["name"] for arm in told[0]["arms"]] == ["甲", "乙"]
