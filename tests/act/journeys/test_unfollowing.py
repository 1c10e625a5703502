"""Segments are looked at each minute only as long as a journey asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.act.journeys import services
from joren.act.journeys.services.clocking import ROOM
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as following
from joren.decide.segments.contracts import Is
from tests.act.journeys.cast import a_journey, published

pytestmark = pytest.mark.django_db


def _journey(name: str, *of: int) -> int:
    triggers = [{"kind": "segment", "segment": one} for one in of]
    nodes = [{"id": "a", "do": "wait", "minutes": 60, "then": "end"}, {"id": "end", "do": "exit"}]
    return published(a_journey(nodes, name=name, triggers=triggers)).journey


def test_the_last_journey_that_ends_lets_go_of_its_segments(home: Path) -> None:
    shared, alone = (
        following.create(name, Is("orders", "at_least", (n,)), by="alice").id
        for n, name in ((2, "二回以上"), (3, "三回以上"))
    )
    first, second = _journey("一", shared, alone), _journey("二", shared)
    for one in (shared, alone):
        following.follow_live(one, by=ROOM)

    services.end(first, by="alice")
    kept = segments.followed_live(ROOM)
    services.end(second, by="alice")

    assert (kept, segments.followed_live(ROOM)) == ([shared], [])
