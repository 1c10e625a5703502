"""What people waited for wins over the time-out where it happened in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from joren.act.journeys import models
from joren.act.journeys.services import tick
from joren.collect.customers.models import Customer
from tests.act.journeys.cast import NOON, Doors, a_journey, minutes, published, said
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db
LIMIT = NOON + minutes(60)
LATER = NOON + timedelta(hours=9)
NODES: list[dict[str, Any]] = [
    {"id": "w", "do": "await", "of": [{"kind": "event", "event": "Paid"}], "minutes": 60,
     "then": "paid", "otherwise": "late"},
    {"id": "paid", "do": "wait", "minutes": 9_000, "then": "end"},
    {"id": "late", "do": "wait", "minutes": 9_000, "then": "end"},
]  # fmt: skip


def stands(customer: int) -> str:
    row = models.Enrolment.objects.get(customer_id=customer)
    return str(NODES[row.node]["id"])


def test_what_happened_in_time_wins_when_the_worker_looks_later(doors: Doors) -> None:
    published(a_journey(NODES))
    for one in (1, 2, 3):
        said(one)
    tick(NOON)

    said(1, "Viewed", LIMIT - minutes(2))
    said(1, "Paid", LIMIT - minutes(1))
    said(2, "Paid", LIMIT)
    said(3, "Viewed", LIMIT - minutes(1))
    tick(LATER)

    assert [stands(one) for one in (1, 2, 3)] == ["paid", "late", "late"]
    assert not models.Signal.objects.exists()


def test_it_does_so_under_whichever_number_of_theirs(doors: Doors) -> None:
    people([1, 2, 3])
    published(a_journey(NODES))
    for one in (1, 3):
        said(one)
    tick(NOON)
    Customer.objects.filter(pk=1).update(merged_into=2)

    said(2, "Paid", LIMIT - minutes(1))
    tick(LATER)

    assert [stands(one) for one in (1, 3)] == ["paid", "late"]


def test_for_what_was_put_aside_nobody_waits(doors: Doors) -> None:
    published(a_journey(NODES))
    for one in (1, 2):
        said(one)
    tick(NOON)

    said(1, "Paid", LIMIT - minutes(1))
    models.Signal.objects.filter(customer_id=1).update(fault="DataError")
    said(2, "Paid", LIMIT - minutes(1))
    tick(LATER)

    assert [stands(one) for one in (1, 2)] == ["late", "paid"]
