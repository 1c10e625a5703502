"""What joren fails at stands aside with the reason, and stops nothing else."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from joren.act.journeys import models, selectors
from joren.act.journeys.services import clocking, hearing, listening, tick
from joren.collect.inbox.contracts import EVENTS
from joren.core import clock
from tests.act.journeys.cast import NOON, Doors, a_journey, published, said

STAY = {"id": "a", "do": "wait", "minutes": 1440, "then": "end"}


def _failing(verb: Any, of: int) -> Any:
    def instead(cursor: Any, *rest: Any) -> Any:
        cursor.execute("SELECT count(*) FROM journeys_said WHERE customer_id = %s", [of])
        if cursor.fetchone()[0]:
            raise ValueError("their address is x@shop.example")
        return verb(cursor, *rest)

    return instead


def test_a_signal_that_joren_fails_at_stands_aside_and_the_others_go_on(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(a_journey([STAY]))
    for customer in (1, 2, 3, 4, 5):
        said(customer)
    monkeypatch.setattr(listening, "enter", _failing(listening.enter, 2))

    tick(NOON)
    tick(NOON)

    assert [*models.Enrolment.objects.order_by("pk").values_list("customer_id", flat=True)] == [
        1, 3, 4, 5,
    ]  # fmt: skip
    (left,) = models.Signal.objects.all()
    assert (left.customer_id, left.fault) == (2, "ValueError")
    assert selectors.put_aside() == {"ValueError": 1}


def test_a_schedule_that_joren_fails_at_leaves_the_others_their_turn(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    triggers = [{"kind": "schedule", "segment": n, "at": "12:00"} for n in (1, 2)]
    version = published(a_journey([STAY], triggers=triggers))

    def due(trigger: Any, _day: Any) -> list[int]:
        if trigger.segment == 1:
            raise ZeroDivisionError
        return [7]

    monkeypatch.setattr(clocking.selectors, "due_on", due)

    assert clocking.ring([version], NOON, "Asia/Tokyo") == 1
    assert models.Signal.objects.get().customer_id == 7


def test_an_event_whose_words_cannot_be_read_leaves_the_others_heard(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(a_journey([STAY], triggers=[{"kind": "event", "event": "Viewed"}]))
    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(hearing, "owners", lambda identities: {one: one for one in identities})
    rows = [
        {"event_id": one, "name": "Viewed", "occurred_at": NOON, "identity_id": one,
         "store_id": 1, "properties": words}
        for one, words in ((1, "{}"), (2, "{"), (3, None))
    ]  # fmt: skip
    schema = ibis.schema(EVENTS.columns).to_pyarrow()
    blank = dict.fromkeys(EVENTS.columns)

    hearing.hear(1, pa.Table.from_pylist([blank | row for row in rows], schema=schema))
    tick(NOON)

    assert models.Enrolment.objects.count() == 2
    assert selectors.put_aside() == {"JSONDecodeError": 1}
