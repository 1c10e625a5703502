"""A template that something sends is not put away behind its back."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.test import Client
from django.urls import reverse

from joren.act.campaigns import models
from joren.act.campaigns.contracts import Variant
from joren.act.journeys import services as journeys
from joren.act.messages import selectors
from joren.act.messages import services as messages
from joren.act.messages.contracts import TemplateInUse
from joren.core import clock
from tests.act.campaigns.test_campaigns import NOON
from tests.act.journeys.cast import NOON as MONDAY
from tests.act.journeys.cast import a_journey, said
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db
WAIT = {"id": "w", "do": "wait", "minutes": 10_000, "then": "s"}


def a_campaign(template: int, state: str) -> models.Campaign:
    return models.Campaign.objects.create(
        name="冬の便り", segment_id=1, variants=[asdict(Variant(template))], expires_hours=72,
        share=0.1, state=state, salt="0", made_by="alice", changed_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["scheduled", "sending", "testing"])
def test_a_template_of_a_campaign_that_goes_on_stays(alice_the_admin: Client, state: str) -> None:
    number = messages.create(a_template(), by="alice").id
    campaign = a_campaign(number, state)

    page = alice_the_admin.post(
        reverse("message_act", args=[number]), {"do": "archive"}, follow=True
    ).content.decode()
    told = alice_the_admin.post(f"/api/messages/templates/{number}/archive")

    assert ("冬の便り" in page, told.status_code) == (True, 409)
    assert not selectors.template(number).archived
    models.Campaign.objects.filter(pk=campaign.pk).update(state="sent")
    assert messages.archive(number, by="alice").archived


def test_a_template_of_a_journey_stays_while_anybody_is_on_the_way_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    people([1])
    old, new = (messages.create(a_template(name=name), by="alice").id for name in ("旧", "新"))
    send = {"id": "s", "do": "send", "then": "end"}
    document = a_journey([WAIT, {**send, "template": old}])
    journey = journeys.create(document, by="alice").id
    assert messages.restore(old, by="alice")  # a draft holds nothing
    journeys.publish(journey, by="alice")
    said(1)
    journeys.tick()
    journeys.change(journey, a_journey([WAIT, {**send, "template": new}]), by="alice")
    journeys.publish(journey, by="alice")

    for number in (old, new):
        with pytest.raises(TemplateInUse, match="お礼"):
            messages.archive(number, by="alice")

    journeys.end(journey, by="alice")
    assert all(messages.archive(one, by="alice").archived for one in (old, new))
