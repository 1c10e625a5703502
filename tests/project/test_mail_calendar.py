"""What campaigns and journeys would send on the days to come, and where they meet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from django.test import Client
from numpy.typing import NDArray
from typer.testing import CliRunner

from joren.act.campaigns import services as campaigns
from joren.act.campaigns.contracts import Plan, Variant
from joren.act.journeys import services as journeys
from joren.act.messages import services as messages
from joren.act.messages.contracts import Cap, Policy
from joren.core import clock
from joren.core.errors import BadInput
from joren.decide.segments import models as kept_segments
from joren.decide.segments import selectors as asked
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All, Is, Rule
from joren.project.cli import app
from joren.project.mail_calendar import mail_calendar
from joren.warehouse import Warehouse
from tests.act.journeys.cast import NOON, a_journey
from tests.act.messages.cast import a_template
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


@pytest.fixture
def planned(refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch) -> int:
    """Two campaigns of Monday, of which one is a draft; a journey of each Wednesday."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    everybody = segments.create("全員", All(), by="alice").id
    repeaters = segments.create("リピーター", Is("orders", "at_least", (2,)), by="alice").id
    template = messages.create(a_template(), by="alice").id
    plan = Plan("月曜の便り", everybody, (Variant(template),), NOON, share=0.25)
    one = campaigns.plan(plan, by="alice")
    campaigns.schedule(one.id, by="alice")
    campaigns.plan(replace(plan, name="下書き", segment=repeaters), by="alice")
    campaigns.plan(replace(plan, name="先の話", send_at=NOON + timedelta(90)), by="alice")
    weekly = {"kind": "schedule", "segment": everybody, "every": "week", "weekday": "mon"}
    journeys.create(
        a_journey(
            [
                {"id": "wait", "do": "wait", "minutes": 2 * 1440, "then": "letter"},
                {"id": "letter", "do": "send", "template": template, "then": "end"},
            ],
            name="毎週", triggers=[weekly],
        ),
        by="alice",
    )  # fmt: skip
    return repeaters


def test_drafts_stand_beside_what_is_scheduled(planned: int) -> None:
    found = mail_calendar(MONDAY, 7)

    told = [(one.day.isoformat(), one.kind, one.name, one.draft) for one in found.planned]
    assert told == [
        ("2026-11-02", "campaign", "月曜の便り", False),
        ("2026-11-02", "campaign", "下書き", True),
        ("2026-11-04", "journey", "毎週", True),
    ]
    sizes = [one.customers for one in found.planned]
    assert sizes[0] == sizes[2] == CUSTOMERS
    assert 0 < (sizes[1] or 0) < CUSTOMERS


def test_those_of_one_day_share_customers_and_caps_hold_over_days(planned: int) -> None:
    messages.set_policy(Policy(caps=(Cap(2, 7),)), by="alice")

    found = mail_calendar(MONDAY, 7)

    (clash,) = found.clashes
    first, draft, weekly = found.planned
    assert (found.planned[clash.one], found.planned[clash.other]) == (first, draft)
    assert clash.customers == draft.customers
    assert (first.over, draft.over, weekly.over) == (0, 0, draft.customers)
    messages.set_policy(Policy(caps=(Cap(1, 1),)), by="alice")
    assert [one.over for one in mail_calendar(MONDAY, 7).planned] == [
        draft.customers, draft.customers, 0,
    ]  # fmt: skip


def test_an_audience_that_cannot_be_asked_leaves_the_others_known(
    planned: int, alice_the_admin: Client
) -> None:
    rule = {"kind": "is", "field": "first_store", "op": "is", "values": ["9" * 40]}
    kept_segments.Segment.objects.filter(pk=planned).update(rule=rule)  # as an older joren kept it

    found = mail_calendar(MONDAY, 7)

    first, draft, weekly = found.planned
    assert (first.customers, weekly.customers) == (CUSTOMERS, CUSTOMERS)
    assert (draft.customers, draft.over) == (None, None)
    assert "cannot be asked" in draft.trouble
    assert found.clashes == ()
    page = alice_the_admin.get(
        "/campaigns/calendar/?first=2026-11-02", headers={"accept-language": "ja"}
    )
    assert page.status_code == 200
    assert "不明" in page.content.decode()


def test_an_audience_of_every_day_is_asked_once(
    planned: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = segments.create("毎日の人", Is("orders", "at_least", (1,)), by="alice").id
    template = messages.create(a_template(name="毎日の便り"), by="alice").id
    letter = {"id": "letter", "do": "send", "template": template, "then": "end"}
    for name in ("朝", "昼", "夜"):
        daily = {"kind": "schedule", "segment": everybody, "every": "day"}
        journeys.create(a_journey([letter], name=name, triggers=[daily]), by="alice")
    calls, ask = [], asked.ids_of

    def counted(rule: Rule) -> NDArray[np.int64]:
        calls.append(rule)
        return ask(rule)

    monkeypatch.setattr(asked, "ids_of", counted)
    messages.set_policy(Policy(caps=(Cap(20, 7),)), by="alice")

    found = mail_calendar(MONDAY, 92)

    assert found.more
    assert len(found.planned) == 200
    assert len(calls) == 3  # everybody, who bought twice, and who gets one each day
    by_name = {(one.name, one.day.day): one for one in found.planned if one.day.month == 11}
    assert by_name["朝", 8].over == by_name["朝", 8].customers  # three a day since the second
    assert not by_name["朝", 4].over


def test_before_there_are_figures_it_is_a_list(
    home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    segment = segments.create("全員", All(), by="alice").id
    template = messages.create(a_template(), by="alice").id
    campaigns.plan(Plan("便り", segment, (Variant(template),), NOON), by="alice")

    found = mail_calendar()

    assert [(one.name, one.customers) for one in found.planned] == [("便り", None)]
    with pytest.raises(BadInput):
        mail_calendar(MONDAY, 0)


def test_the_page_the_program_and_the_terminal_show_it(
    planned: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = bob_the_viewer.get(
        "/campaigns/calendar/", headers={"accept-language": "ja"}
    ).content.decode()
    file = alice_the_admin.get("/campaigns/calendar/?format=csv&table=planned")
    said = alice_the_admin.get("/api/calendar?first=2026-11-02&days=7").json()
    printed = CliRunner().invoke(app, ["campaigns", "calendar", "--first", "2026-11-02"])
    as_json = CliRunner().invoke(
        app, ["campaigns", "calendar", "--first", "2026-11-02", "--days", "7", "--json"]
    )

    assert page.count("毎週") >= 4
    assert "同じ日に同じ顧客へ届くもの" in page
    assert file.status_code == 200
    assert [one["name"] for one in said["planned"]] == ["月曜の便り", "下書き", "毎週"]
    assert "share" in printed.stdout
    assert json.loads(as_json.stdout)["clashes"] == said["clashes"]
    assert alice_the_admin.get("/api/calendar?days=1000").status_code == 422
