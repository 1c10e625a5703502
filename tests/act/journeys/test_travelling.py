"""From an event to the ledger, through the doors of the other rooms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from joren.act.journeys import models, selectors, services
from joren.act.journeys.contracts import JourneyNotPublishable, JourneyNotSo
from joren.act.journeys.rules import read, written
from joren.act.journeys.services import erasing, stepping
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.collect.inbox.contracts import EVENTS
from joren.core import clock
from joren.core.erasing import Traces
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.journeys.cast import NOON, a_journey
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db


class Clock:
    now = NOON


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    Clock.now = NOON
    monkeypatch.setattr(clock, "now", lambda: Clock.now)
    return Clock


def events(*rows: tuple[int, str, datetime, dict[str, Any]]) -> pa.Table:
    kinds = {"int64": pa.int64(), "string": pa.string(), "date": pa.date32()}
    columns: dict[str, Any] = {}
    for name, kind in EVENTS.columns.items():
        known = {"identity_id": 0, "name": 1, "occurred_at": 2}
        values = [
            place
            if name == "event_id"
            else row[known[name]]
            if name in known
            else row[3].get(name, 1 if name == "store_id" else None)
            for place, row in enumerate(rows)
        ]
        columns[name] = pa.array(values, kinds.get(kind, pa.timestamp("us", "UTC")))
    return pa.table(columns)


def bought(*customers: int, when: datetime = NOON, **said: Any) -> pa.Table:
    return events(*((one, "Order Completed", when, said) for one in customers))


def thanks(**more: Any) -> int:
    template = messages.create(a_template(kind="thanks", name=f"お礼{more}"[:90]), by="alice").id
    document = a_journey(
        [
            {"id": "day", "do": "wait", "minutes": 1440, "then": "thanks"},
            {"id": "thanks", "do": "send", "template": template, "then": "call"},
            {"id": "call", "do": "task", "title": "電話する", "then": "week"},
            {"id": "week", "do": "wait", "minutes": 10080, "then": "end"},
        ],
        **more,
    )
    return services.publish(services.create(document, by="alice").id, by="alice").id


def test_an_event_starts_it_once_and_the_ledger_has_everybody(at: type[Clock]) -> None:
    people([*range(1, 41)])
    for one in range(1, 31):
        record(one, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    journey = thanks(holdout=0.1)
    for _ in range(2):  # a crash may bring a micro-batch again
        services.hear(7, bought(*range(1, 41), category="茶"))
    services.hear(8, bought(41, 1, when=NOON - timedelta(hours=30)))  # history, and nobody
    services.tick()
    services.hear(7, bought(*range(1, 41)))
    at.now = NOON + timedelta(days=1)

    done = services.tick()

    assert done.passed == 40 * 3
    held = models.Enrolment.objects.filter(journey_id=journey, lot__isnull=False).count()
    assert 1 <= held <= 8
    rows = ledger.Send.objects.all()
    assert rows.count() == 40
    ghosts = rows.filter(lot__isnull=False)
    assert ghosts.count() == held
    assert {*ghosts.values_list("state", flat=True)} <= {"held_out", "suppressed"}
    assert rows.filter(state="suppressed", reason="no_consent:unasked").count() >= 10 - held
    assert models.Duty.objects.count() == 40 - held
    (day, sent, *_) = selectors.at_nodes(selectors.versions(journey)[0])
    assert (day.passed, sent.passed) == ((40,), (40,))
    assert [one.node for one in selectors.passed(models.Enrolment.objects.all()[0].pk)] == [
        "day", "thanks", "call",
    ]  # fmt: skip


def test_who_reaches_the_goal_leaves_and_what_waits_for_them_is_cancelled(at: type[Clock]) -> None:
    people([1, 2])
    for one in (1, 2):
        record(one, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    journey = thanks(goal=[{"kind": "event", "event": "Product Reviewed"}])
    services.hear(1, bought(1, 2))
    services.tick()
    at.now = NOON + timedelta(days=1)
    services.tick()
    waiting = ledger.Send.objects.filter(next_at__isnull=False).count()
    services.hear(2, events((1, "Product Reviewed", at.now, {})))

    services.tick()

    (one, other) = models.Enrolment.objects.order_by("customer_id")
    assert (one.standing, other.standing) == ("goal", "active")
    assert waiting == 2
    assert ledger.Send.objects.get(customer_id=1).reason == "cancelled:left"
    assert ledger.Send.objects.get(customer_id=2).next_at is not None
    services.end(journey, by="alice")
    assert {row.standing for row in models.Enrolment.objects.all()} == {"goal", "left"}


def test_a_pause_holds_all_and_who_was_late_goes_on_as_it_is_said(at: type[Clock]) -> None:
    people([1])
    journey = thanks()
    services.hear(1, bought(1))
    services.tick()
    services.pause(journey, by="alice")
    at.now = NOON + timedelta(days=2)
    assert services.tick().passed == 0
    assert selectors.overdue(journey, at.now) == 1
    with pytest.raises(JourneyNotSo):
        services.pause(journey, by="alice")

    services.resume(journey, overdue="skip", by="alice")
    services.tick()

    assert not ledger.Send.objects.exists()
    assert models.Enrolment.objects.get().node == 3


def test_people_finish_the_version_they_began_unless_they_are_led_to_the_new_one(
    at: type[Clock],
) -> None:
    people([1, 2])
    journey = thanks()
    services.hear(1, bought(1))
    services.tick()
    draft = written(selectors.journey(journey).draft)
    draft["nodes"].insert(0, {"id": "new", "do": "wait", "minutes": 60, "then": "day"})
    services.change(journey, read(draft | {"start": "new"}), by="alice")
    services.publish(journey, by="alice")
    services.hear(2, bought(2))
    services.tick()
    (moving, *_) = selectors.moving(selectors.journey(journey), selectors.journey(journey).draft)
    assert (moving.version, moving.node, moving.people, moving.to) == (1, "day", 1, "day")

    services.publish(journey, by="alice", moves={(1, "day"): "new"})

    (one, other) = selectors.people_at(journey, "new")
    assert [(each.customer, each.version) for each in (one, other)] == [(1, 3), (2, 2)]
    assert one.due_at == NOON + timedelta(days=1)  # from a wait to a wait


def test_what_is_broken_is_not_published(at: type[Clock]) -> None:
    document = a_journey([{"id": "a", "do": "send", "template": 99, "then": "end"}])
    made = services.create(document, by="alice")

    with pytest.raises(JourneyNotPublishable, match="a: there is no template 99"):
        services.publish(made.id, by="alice")


def test_who_is_erased_leaves_and_what_was_kept_of_them_goes(at: type[Clock]) -> None:
    people([1])
    thanks()
    services.hear(1, bought(1, category="茶"))
    services.tick()
    traces = Traces(customers=(1,), identities=(), devices=(), emails=frozenset(),
                    phones=frozenset(), numbers=frozenset(), line_ids=frozenset(),
                    anonymous_ids=frozenset(), names=frozenset(), keys=frozenset())  # fmt: skip

    exported = erasing.ERASER.export(traces)
    erasing.ERASER.erase(traces)

    row = models.Enrolment.objects.get()
    assert (row.standing, row.cause, row.due_at) == ("left", {}, None)
    assert len(exported) == 1


def test_a_pause_in_the_middle_of_a_tick_stops_it(
    at: type[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2, 3])
    journey = thanks()
    services.hear(1, bought(1, 2, 3))
    services.tick()
    at.now = NOON + timedelta(days=1)
    whole = stepping.step

    def paused_after_the_first(*args: Any) -> int:
        passed = whole(*args)
        if models.Journey.objects.get().state == "running":
            services.pause(journey, by="alice")
        return passed

    monkeypatch.setattr(stepping, "AT_ONCE", 1)
    monkeypatch.setattr(stepping, "step", paused_after_the_first)

    done = services.tick()

    assert (done.passed, ledger.Send.objects.count()) == (1, 0)
    assert [*models.Enrolment.objects.order_by("id").values_list("node", flat=True)] == [1, 0, 0]
