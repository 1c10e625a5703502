"""A wait for a time of day goes by the shop's clock, or by that of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from joren.act.journeys import models, services
from joren.act.messages import services as messages
from joren.collect.customers.models import Customer
from joren.core import clock
from tests.act.journeys.cast import NOON, Doors, a_journey, published, said
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db
TEN = {"id": "ten", "do": "until", "at": "10:00", "then": "end", "clock": "theirs"}
MINUTE = {"id": "minute", "do": "wait", "minutes": 1, "then": "ten"}
MORNINGS = {
    1: datetime(2026, 11, 3, 1, tzinfo=UTC),  # ten in Tokyo, tomorrow
    2: datetime(2026, 11, 2, 15, tzinfo=UTC),  # ten in New York, today
    3: datetime(2026, 11, 2, 21, tzinfo=UTC),  # ten in Auckland, where it is tomorrow
}


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    Doors(monkeypatch)
    people([1, 2, 3])
    Customer.objects.filter(pk=2).update(time_zone="America/New_York")
    messages.set_zone(3, "Pacific/Auckland", by="alice")


def walked(monkeypatch: pytest.MonkeyPatch, *nodes: dict[str, Any]) -> dict[int, datetime | None]:
    published(a_journey(nodes))
    for one in (1, 2, 3):
        said(one)
    for at in (NOON, NOON + timedelta(minutes=2)):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        services.tick()
    return dict(models.Enrolment.objects.values_list("customer_id", "due_at"))


def test_who_enters_at_it_waits_by_their_own_clock(
    three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walked(monkeypatch, TEN) == MORNINGS


def test_who_comes_to_it_waits_by_their_own_clock(
    three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert walked(monkeypatch, MINUTE, TEN) == MORNINGS


def test_by_the_shops_clock_all_wait_until_one_moment(
    three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = walked(monkeypatch, MINUTE, TEN | {"clock": "shop"})

    assert set(found.values()) == {MORNINGS[1]}
