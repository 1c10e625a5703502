"""A pause moves what waits by as long as it waited in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from joren.act.journeys import models, services
from joren.act.journeys.services import keeping, tick
from joren.core import clock
from tests.act.journeys.cast import NOON, Doors, a_journey, said

pytestmark = pytest.mark.django_db
WAIT = {"id": "a", "do": "wait", "minutes": 60, "then": "end"}


def test_a_pause_moves_what_came_due_meanwhile_by_its_rest_alone(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    nodes: list[dict[str, Any]] = [
        {"id": "w", "do": "await", "of": [{"kind": "event", "event": "Paid"}], "minutes": 43_200,
         "then": "x", "otherwise": "end"},
        {"id": "x", "do": "wait", "minutes": 60, "then": "end"},
    ]  # fmt: skip
    journey = services.create(a_journey(nodes), by="alice").id
    services.publish(journey, by="alice")
    for one in (1, 2, 3):
        said(one)
    tick(NOON)
    services.pause(journey, by="alice")
    said(1, "Paid", NOON + timedelta(days=4))
    tick(NOON + timedelta(days=4))
    assert {*models.Enrolment.objects.values_list("node", flat=True)} == {0}
    models.Enrolment.objects.filter(customer_id=3).update(due_at=NOON - timedelta(microseconds=1))

    resumed = NOON + timedelta(days=10)
    keeping.resume_at(journey, resumed, overdue="shift", by="alice")

    assert dict(models.Enrolment.objects.values_list("customer_id", "due_at")) == {
        1: resumed,
        2: resumed + timedelta(days=30),
        3: resumed - timedelta(microseconds=1),
    }

    tick(resumed)
    row = models.Enrolment.objects.get(customer_id=1)
    assert (row.node, row.due_at) == (1, resumed + timedelta(hours=1))


@pytest.mark.parametrize(("policy", "passed"), [("send", [0, 1]), ("shift", [0, 0])])
def test_what_came_during_a_pause_counts_by_the_limit_that_holds_when_it_ends(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, policy: str, passed: list[int]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    node = {"id": "w", "do": "await", "of": [{"kind": "event", "event": "Paid"}], "minutes": 60,
            "then": "end", "otherwise": "end"}  # fmt: skip
    journey = services.create(a_journey([node]), by="alice").id
    services.publish(journey, by="alice")
    for one in (1, 2):
        said(one)
    tick(NOON)
    services.pause(journey, by="alice")
    said(1, "Paid", NOON + timedelta(minutes=59))
    said(2, "Paid", NOON + timedelta(minutes=61))
    tick(NOON + timedelta(days=1))
    assert models.Passage.objects.count() == 0

    keeping.resume_at(journey, NOON + timedelta(days=2), overdue=policy, by="alice")
    tick(NOON + timedelta(days=2))

    ways = models.Passage.objects.order_by("enrolment_id").values_list("way", flat=True)
    assert list(ways) == passed


def test_who_is_led_to_a_node_during_a_pause_is_due_when_it_ends(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    task = {"id": "t", "do": "task", "title": "電話する", "then": "end"}
    journey = services.create(a_journey([WAIT]), by="alice").id
    services.publish(journey, by="alice")
    said(1)
    tick(NOON)
    services.pause(journey, by="alice")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=4))
    services.change(journey, a_journey([{**WAIT, "then": "t"}, task]), by="alice")
    services.publish(journey, by="alice", moves={(1, "a"): "t"})

    resumed = NOON + timedelta(days=10)
    keeping.resume_at(journey, resumed, overdue="shift", by="alice")

    assert models.Enrolment.objects.get().due_at == resumed
