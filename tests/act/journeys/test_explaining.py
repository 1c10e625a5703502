"""Why somebody did or did not get what a journey sends."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.act.journeys import models, selectors
from joren.act.journeys.contracts import Version
from joren.core.ids import CustomerId
from joren.decide.segments import models as kept_segments
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.project.cli import app
from joren.warehouse import Warehouse
from tests.act.journeys.cast import NOON, a_journey, published
from tests.act.messages.cast import people

pytestmark = pytest.mark.django_db
WAIT = {"id": "day", "do": "wait", "minutes": 1440, "then": "end"}


def entered(version: Version, customer: int, **more: Any) -> models.Enrolment:
    row = models.Enrolment.objects.create(**{
        "journey_id": version.journey, "version_id": version.id, "customer_id": customer,
        "occurrence": 1, "node": 0, "due_at": NOON + timedelta(1), "began_at": NOON,
        "entered_at": NOON, "cause": {}, **more,
    })  # fmt: skip
    return row


def told(customer: int) -> dict[str, tuple[str, list[str]]]:
    found = selectors.whereabouts(CustomerId(customer))
    return {one.name: (one.place, [each.say for each in one.causes]) for one in found}


def test_each_says_where_they_stand(home: object) -> None:
    people([1, 2, 3, 4, 5])
    once = published(a_journey([WAIT], name="一度"))
    entered(once, 1)
    entered(once, 2, lot=7)
    entered(once, 3, standing="goal", due_at=None)
    entered(once, 4, standing="left", due_at=None)

    assert told(1) == {"一度": ("waiting", ["waits"])}
    assert told(2) == {"一度": ("waiting", ["held_out", "waits"])}
    assert told(3) == {"一度": ("goal", ["once"])}
    assert told(4) == {"一度": ("left", ["once"])}
    assert told(5) == {"一度": ("never", ["no_event"])}
    (one,) = selectors.whereabouts(CustomerId(1))
    assert (one.since, one.causes[0].what, one.causes[0].at) == (NOON, "day", NOON + timedelta(1))


def test_the_rule_of_reentry_says_from_when(home: object) -> None:
    people([1, 2])
    again = published(a_journey([WAIT], name="再び", reentry="after", reentry_days=30))
    always = published(a_journey([WAIT], name="何度でも", reentry="always"))
    for version in (again, always):
        entered(version, 1, standing="done", due_at=None)

    (_, later) = sorted(selectors.whereabouts(CustomerId(1)), key=lambda one: one.name)

    assert told(1) == {"再び": ("done", ["again_after"]), "何度でも": ("done", [])}
    assert {one.causes[0].at for one in (later,) if one.causes} <= {NOON + timedelta(30)}


def test_a_segment_a_date_and_a_journey_that_stands_still_are_reasons(home: object) -> None:
    people([1])
    group = segments.create("常連", Is("orders", "at_least", (3,)), by="alice").id
    moves = {"kind": "segment", "segment": group, "move": "enters"}
    birthday = {"kind": "date", "date": "birthday"}
    published(a_journey([WAIT], name="動く", triggers=[moves, birthday]))
    paused = published(a_journey([WAIT], name="止まった"))
    published(a_journey([WAIT], name="終えた"))
    models.Journey.objects.filter(pk=paused.journey).update(state="paused")
    models.Journey.objects.filter(name="終えた").update(state="ended")

    found = told(1)

    assert found["動く"] == ("never", ["not_in_segment", "no_date"])
    assert found["止まった"] == ("never", ["not_running", "no_event"])
    assert "終えた" not in found


def test_a_segment_that_cannot_be_asked_is_said_to_be_not_known(
    refreshed_shop: Warehouse,
) -> None:
    group = segments.create("壊れた", Is("orders", "at_least", (1,)), by="alice").id
    published(a_journey([WAIT], name="毎日", triggers=[{"kind": "schedule", "segment": group}]))
    assert told(1) == {"毎日": ("never", ["in_segment"])}
    rule = {"kind": "is", "field": "first_store", "op": "is", "values": ["9" * 40]}
    kept_segments.Segment.objects.filter(pk=group).update(rule=rule)  # as an older joren kept it

    assert told(1) == {"毎日": ("never", ["not_known"])}


def test_whoever_is_looked_at_a_segment_is_asked_once(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = segments.create("二度", Is("orders", "at_least", (2,)), by="alice").id
    published(a_journey([WAIT], name="毎日", triggers=[{"kind": "schedule", "segment": group}]))
    told(1)
    monkeypatch.setattr(refreshed_shop.engine, "arrow", pytest.fail)

    assert told(2)["毎日"][0] == "never"


def test_the_page_the_program_and_the_terminal_say_it(
    home: object, alice_the_admin: Client
) -> None:
    people([1])
    entered(published(a_journey([WAIT], name="お礼")), 1)

    page = alice_the_admin.get("/customers/1/", headers={"accept-language": "ja"}).content.decode()
    said = alice_the_admin.get("/api/customers/1/journeys").json()["items"]
    printed = CliRunner().invoke(app, ["journeys", "why", "1"])
    as_json = CliRunner().invoke(app, ["journeys", "why", "1", "--json"])

    assert "「day」で" in page
    assert said[0]["causes"][0]["say"] == "waits"
    assert "on the way" in printed.stdout
    assert json.loads(as_json.stdout)[0]["name"] == "お礼"
