"""To begin with a ready-made journey makes what it needs, once, and publishes nothing."""

from __future__ import annotations

import pytest

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import NoSuchJourney, Send
from joren.act.messages import models as kept_templates
from joren.act.messages import selectors as templates
from joren.act.messages import services as messages
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as grouping

pytestmark = pytest.mark.django_db


def place_of(key: str) -> int:
    return next(place for place, one in enumerate(selectors.READY_MADE) if one.key == key)


def test_every_ready_made_journey_lacks_nothing_but_a_look_at_its_mails(home: object) -> None:
    for place in range(len(selectors.READY_MADE)):
        services.begin_ready(place, language="en" if place % 2 else "ja", by="alice")

    drafts = [one.draft for one in selectors.journeys()]
    assert {one.state for one in selectors.journeys()} == {"draft"}
    assert {one.sendable for one in templates.templates()} == {None}
    assert selectors.ready_left() == []
    assert {gap.remedy for gap in selectors.gaps()} == {"publish"}
    for draft in drafts:
        sends = {node.id for node in draft.nodes if isinstance(node, Send)}
        assert {fault.node for fault in services.check(draft)} == sends
    kept_templates.Template.objects.update(sendable=1)
    assert [services.check(draft) for draft in drafts] == [()] * len(drafts)


def test_its_mails_are_saved_as_they_stand(home: object) -> None:
    begun = services.begin_ready(place_of("win_back"), language="ja", by="alice")

    for one in templates.templates():
        assert messages.revise(one.id, one.content, by="alice").sendable == 2

    assert services.check(begun.draft) == ()


def test_once_more_changes_nothing_and_what_is_there_is_taken_as_it_is(home: object) -> None:
    place = place_of("win_back")
    ready = selectors.READY_MADE[place]
    (segment,) = (one for one in segments.READY_MADE if one.ja in ready.segments)
    ours = grouping.create(segment.en, segment.rule, by="bob", note="ours")

    first = services.begin_ready(place, language="ja", by="alice")
    again = services.begin_ready(place, language="en", by="bob")

    assert again == first
    assert first.draft.owner == "alice"
    assert segments.segments() == [segments.segment(ours.id)]
    assert len(templates.templates()) == len(ready.mails)
    services.end(first.id, by="alice")
    anew = services.begin_ready(place, language="ja", by="bob")
    assert anew.draft.nodes == first.draft.nodes
    assert len(templates.templates()) == len(ready.mails)


def test_a_place_without_a_journey_is_said(home: object) -> None:
    with pytest.raises(NoSuchJourney, match="no ready-made journey 99"):
        services.begin_ready(99, language="ja", by="alice")
