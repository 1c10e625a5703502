"""Templates of every channel, the calendar, a draft and whom it would write to, on both screens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from joren.act.campaigns import services as campaigns
from joren.act.campaigns.contracts import Plan, Variant
from joren.act.journeys import services
from joren.act.messages import services as messages
from joren.core import clock
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All
from tests.act.journeys.cast import NOON, a_journey
from tests.act.journeys.test_rehearsing import ordered
from tests.act.messages.cast import a_template, people
from tests.browser.conftest import Visit
from tests.browser.test_pages import LOOKS, Barriers, in_turn, well

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@LOOKS
def test_pages_of_mailings_bar_nobody_and_fit_their_screen(
    home: Path, visit: Visit, barriers: Barriers, monkeypatch: pytest.MonkeyPatch, width: int,
    dark: bool, language: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOON)
    people([1, 2])
    ordered([(1, 40, 5_000), (2, 20, 5_000)])
    template = messages.create(a_template(name="お礼"), by="alice").id
    everybody = segments.create("全員", All(), by="alice").id
    plan = Plan("冬の便り", everybody, (Variant(template),), NOON + timedelta(1))
    campaign = campaigns.plan(plan, by="alice").id
    draft = a_journey([
        {"id": "day", "do": "wait", "minutes": 1440, "then": "word"},
        {"id": "word", "do": "set", "attribute": "plan", "value": "premium", "then": "letter"},
        {"id": "letter", "do": "send", "template": template, "then": "end"},
    ])  # fmt: skip
    journey = services.create(draft, by="alice").id
    services.publish(journey, by="alice")
    addresses = (
        "/campaigns/calendar/",
        "/messages/",
        "/messages/new/",
        "/messages/new/?channel=line",
        "/messages/new/?channel=sms",
        f"/journeys/{journey}/edit/",
        f"/journeys/{journey}/rehearsal/people/",
        f"/campaigns/{campaign}/plan/",
        "/customers/1/",
    )

    for page in in_turn(visit, addresses, width=width, dark=dark, language=language):
        well(page, barriers)
