"""What is published is what was checked, and a node that fails stops no other journey."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from joren.act.journeys import models, selectors, services
from joren.act.journeys.contracts import Document, JourneyNotSo
from joren.act.journeys.services import keeping, stepping, tick
from joren.core import clock
from tests.act.journeys.cast import NOON, Doors, a_journey, published, said

pytestmark = pytest.mark.django_db
WAIT = {"id": "a", "do": "wait", "minutes": 60, "then": "end"}


def test_a_draft_that_changes_while_segments_are_looked_at_is_not_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = services.create(a_journey([WAIT]), by="alice").id
    unchecked = a_journey([{"id": "s", "do": "send", "template": 99, "then": "end"}])

    def somebody_changes_it(_document: Document) -> None:
        services.change(number, unchecked, by="bob")

    monkeypatch.setattr(keeping, "_follow", somebody_changes_it)

    with pytest.raises(JourneyNotSo, match="changed meanwhile"):
        services.publish(number, by="alice")

    assert selectors.journey(number).state == "draft"
    assert not models.Version.objects.exists()


def test_a_node_that_fails_stops_no_other_journey(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    tasks = [{"id": "t", "do": "task", "title": "電話する", "then": "end"}]
    broken = published(a_journey(tasks, name="一"))
    published(a_journey(tasks, name="二"))
    said(1)
    whole = stepping.do

    def fails(cursor: Any, version: Any, node: Any, now: datetime) -> None:
        if version.id == broken.id:
            raise KeyError(node.id)
        whole(cursor, version, node, now)

    monkeypatch.setattr(stepping, "do", fails)

    done = tick(NOON + timedelta(seconds=1))

    assert (done.entered, done.passed) == (2, 1)
    assert [duty.journey_id for duty in models.Duty.objects.all()] != [broken.journey]
    assert models.Enrolment.objects.get(due_at__isnull=False).journey_id == broken.journey
    assert f"journey {broken.journey}, node 0" in caplog.text
