"""A journey rehearsed on a small shop's orders: by page, by program and by command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.act.journeys import models, selectors, services
from joren.act.journeys.commands import journeys_app
from joren.act.journeys.contracts import Between, JourneyNotPublishable, RehearsedMessage
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.act.messages.contracts import Cap, Policy, Quiet
from joren.collect.customers.models import Customer
from joren.collect.orders.contracts import ORDERS
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import selectors as audit
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from joren.warehouse.rows import write_rows
from tests.act.journeys.cast import NOON, a_journey
from tests.act.messages.cast import a_template, people

pytestmark = pytest.mark.django_db
WAIT = {"id": "wait", "do": "wait", "minutes": 1440, "then": "thanks"}
ORDERED = [  # customer, days before noon, revenue
    (1, 300, 5_000), (1, 299, 20_000), (2, 100, 5_000), (2, 2, 900), (3, 50, 5_000),
    (3, 49.8, 800), (3, 49.7, 800), (4, 400, 5_000), (4, 0.5, 5_000),
]  # fmt: skip


def ordered(rows: Sequence[tuple[int, float, int]]) -> None:
    """Facts as an import writes them."""
    house, found = warehouse(), []
    for number, (customer, days, revenue) in enumerate(rows, 1):
        at: datetime = NOON - timedelta(days=days)
        row: dict[str, Any] = dict.fromkeys(ORDERS.columns)
        found.append(row | {
            "order_id": number, "import_id": 1, "identity_id": customer, "store_id": 1,
            "order_number": f"N{number}", "ordered_at": at, "ordered_on": at.date(),
            "status": "paid", "currency": "JPY", "free": False, "revenue": revenue, "content": 1,
        })  # fmt: skip
    folder = house.scratch / "made"
    folder.mkdir(parents=True)
    house.lake.append(ORDERS, write_rows(found, folder, ORDERS), key="made")


@pytest.fixture
def shop(home: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> int:
    """Four customers, of whom three agreed; a journey of thanks that is a draft."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    people([1, 2, 3, 4])
    for one in (1, 2, 3):
        record(one, Said("email", "marketing", "granted", "staff", at=NOON - timedelta(9)), by="t")
    ordered(ORDERED)
    messages.set_policy(Policy(caps=(Cap(2, 7),), costs={"email": 3}), by="alice")
    template = messages.create(a_template(name="お礼"), by="alice", draft=True).id
    thanks = {"id": "thanks", "do": "send", "template": template, "then": "end"}
    return services.create(a_journey([WAIT, thanks], reentry="always", holdout=0.1), by="alice").id


def test_the_past_year_is_told_and_nothing_is_written(shop: int) -> None:
    found = selectors.rehearse_one(shop)

    assert (found.entries, found.customers, found.refused) == (8, 4, 0)
    assert found.triggers[0].arrivals == 8
    wait, thanks = found.nodes
    assert wait.reached == Between(8, 8)
    assert thanks.reached == Between(7, 7)  # the fourth's day is not over yet
    assert found.active == Between(1, 1)
    assert thanks.allowed == Between(7, 7)
    assert thanks.capped == Between(1, 1)  # the third's third within a week
    assert thanks.cost == Between(19, 19)  # 7 x 3 x 0.9
    assert (found.left_out, found.messages) == (1, Between(7, 7))
    assert sum(one.entered for one in found.months) == 8
    assert {one.say for one in found.not_known} >= {"effect", "nobody_written", "consent_now"}
    assert not models.Enrolment.objects.exists()
    assert not models.Version.objects.exists()


def test_what_was_sent_then_counts_in_the_caps(shop: int) -> None:
    template = ledger.Template.objects.get(name="お礼")
    errand = ledger.Errand.objects.create(
        source="campaign", source_id=1, step="", template=template, channel="email", kind="brand",
        made_at=NOON,
    )  # fmt: skip
    for occurrence, days in enumerate((100, 101)):  # the second is thanked 99 days before noon
        at = NOON - timedelta(days, microseconds=5)
        ledger.Send.objects.create(
            errand_id=errand.pk, customer_id=2, occurrence=occurrence, state="sent", asked_at=at,
            sent_at=at, counted_at=at, version=1,
        )  # fmt: skip

    found = selectors.rehearse_one(shop)

    assert found.nodes[1].capped == Between(2, 2)


def test_the_rule_of_reentry_the_goal_and_other_journeys_count(shop: int) -> None:
    draft = selectors.journey(shop).draft
    raw = selectors.written(draft) | {
        "name": "一回", "reentry": "never",
        "goal": [{"kind": "event", "event": "Order Completed"}],
    }  # fmt: skip
    clicked = {"kind": "event", "event": "Email Link Clicked"}
    asked = {"id": "ask", "do": "await", "of": [clicked], "minutes": 60, "then": "thanks",
             "otherwise": "end"}  # fmt: skip

    once = selectors.rehearse(selectors.read(raw))
    unsure = selectors.rehearse(
        selectors.read(raw | {"nodes": [asked, raw["nodes"][1]], "start": "ask", "goal": []})
    )

    # The first orders again after a day exactly, the third within the day.
    assert (once.entries, once.refused) == (4, 4)
    assert once.goal == Between(2, 2)
    assert once.nodes[1].reached == Between(1, 1)
    assert unsure.nodes[1].reached == Between(0, 4)
    assert unsure.cost == Between(0, round(3 * 3 * 0.9))
    assert [one.what for one in unsure.not_known if one.say == "reactions"] == [
        "Email Link Clicked"
    ]
    with pytest.raises(JourneyNotPublishable):
        selectors.rehearse(selectors.read(raw | {"start": "gone"}))


def test_when_is_unknown_and_how_many_is_not(shop: int) -> None:
    raw = selectors.written(selectors.journey(shop).draft)
    clicked = {"kind": "event", "event": "Email Link Clicked"}
    asked = {"id": "ask", "do": "await", "of": [clicked], "minutes": 40 * 1440, "then": "thanks",
             "otherwise": "thanks"}  # fmt: skip

    found = selectors.rehearse(
        selectors.read(raw | {"nodes": [asked, raw["nodes"][1]], "start": "ask"})
    )

    assert found.nodes[1].reached == Between(6, 8)  # of two the forty days are not over
    assert found.messages == Between(6, 8)
    assert sum(one.messages.low for one in found.months) < 6
    assert sum(one.messages.high for one in found.months) > 8
    assert found.nodes[1].cost == Between(round(6 * 3 * 0.9), round(7 * 3 * 0.9))


def test_dates_are_reckoned_as_they_stood(shop: int) -> None:
    def arrived(date: str, days: int) -> int | None:
        trigger = {"kind": "date", "date": date, "days": days, "at": "10:00"}
        raw = selectors.written(selectors.journey(shop).draft) | {"triggers": [trigger]}
        return selectors.rehearse(selectors.read(raw)).triggers[0].arrivals

    assert arrived("first_order", 10) == 3  # of the fourth it was before this year
    assert arrived("last_order", 10) == 3  # who bought again before it was not asked
    assert arrived("next_order", 3) == 1  # the first, three days after the day that was expected
    assert arrived("birthday", 0) == 0


def test_page_program_and_command_say_the_same(
    shop: int, alice_the_admin: Client, bob_the_viewer: Client, charlie_the_stranger: Client
) -> None:
    page = bob_the_viewer.get(f"/journeys/{shop}/rehearsal/")
    told = bob_the_viewer.get(f"/api/journeys/{shop}/rehearsal").json()
    document = {"document": selectors.written(selectors.journey(shop).draft)}
    posted = alice_the_admin.post("/api/journeys/rehearsal", document, "application/json").json()
    run = CliRunner().invoke(journeys_app, ["rehearse", str(shop)])
    plain = CliRunner().invoke(journeys_app, ["rehearse", str(shop), "--json"])

    assert page.status_code == 200
    assert 'data-chart="months-spec"' in page.content.decode()
    assert 'class="messages"' not in page.content.decode()
    assert told["nodes"][1]["reached"] == {"low": 7, "high": 7}
    assert posted["entries"] == told["entries"] == json.loads(plain.output)["entries"] == 8
    assert "8 entries" in run.output
    assert charlie_the_stranger.get(f"/journeys/{shop}/rehearsal/").status_code == 302


def test_it_names_whom_it_would_have_written_to_and_what_would_have_stopped_it(shop: int) -> None:
    messages.set_policy(
        Policy(caps=(Cap(2, 7),), quiet=Quiet(time(20), time(8)), costs={"email": 3}), by="alice"
    )

    page = selectors.rehearsed_page(shop)

    assert len(page.items) == selectors.rehearse_one(shop).messages.low
    assert {one.customer for one in page.items if one.reason == ""} <= {1, 2, 3}
    assert [one.reason for one in page.items].count("cap") == 1
    assert all(one.certain and one.at - one.entered_at >= timedelta(1) for one in page.items)
    assert page.next == ""


def test_pages_of_it_hold_each_customer_whole_and_together_all(shop: int) -> None:
    whole = selectors.rehearsed_page(shop, limit=100).items
    found: list[RehearsedMessage] = []
    after = ""
    for _ in range(10):
        page = selectors.rehearsed_page(shop, limit=1, after=after)
        assert len({one.customer for one in page.items}) <= 1
        found += page.items
        after = page.next
        if not after:
            break

    assert tuple(found) == whole == tuple(selectors.rehearsed_messages(shop))
    assert selectors.rehearsed_page(shop, node="nowhere").items == ()


def test_whoever_refused_or_is_left_out_today_would_get_nothing(shop: int) -> None:
    record(1, Said("email", "marketing", "withdrawn", "one_click", at=NOON), by="t")

    found = {one.customer: one.reason for one in selectors.rehearsed_page(shop).items}

    assert found[1] == "no_consent:refused"


def test_names_are_for_those_who_may_see_people_and_a_file_for_those_who_may_take_it(
    shop: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    address = f"/journeys/{shop}/rehearsal/people/"

    seen, masked = (one.get(address).content.decode() for one in (alice_the_admin, bob_the_viewer))
    file = alice_the_admin.get(f"{address}file/")

    assert "客1" in seen
    assert "客1" not in masked
    assert "客***" in masked
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 1 + len(selectors.rehearsed_page(shop).items)
    assert "客1" not in "".join(lines)
    assert bob_the_viewer.get(f"{address}file/").status_code == 403
    actions = [one.action for one in audit.entries(limit=10).items]
    assert "customers.listed" in actions
    assert "journeys.rehearsal_exported" in actions


def test_a_program_reads_them_where_it_may_see_people_and_it_is_written_down(
    shop: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    address = f"/api/journeys/{shop}/rehearsal/messages"

    assert bob_the_viewer.get(address).status_code == 403
    assert len(alice_the_admin.get(address).json()["items"]) == 7
    CliRunner().invoke(journeys_app, ["rehearsed", str(shop)])

    taken = [one for one in audit.entries(limit=10).items if one.action.endswith("_taken")]
    told = [(one.actor.partition(":")[0], one.detail["customers"]) for one in taken]
    assert told == [("command-line", 3), ("member", 3)]


def test_who_goes_by_their_own_clock_is_written_to_while_they_are_awake(shop: int) -> None:
    Customer.objects.filter(pk=2).update(time_zone="America/New_York")
    messages.set_zone(3, "Pacific/Auckland", by="alice")
    messages.set_policy(Policy(quiet=Quiet(time(20), time(8)), costs={"email": 3}), by="alice")
    raw = selectors.written(selectors.journey(shop).draft)
    (_, thanks) = raw["nodes"]
    ten = {"id": "ten", "do": "until", "at": "10:00", "then": "thanks", "clock": "theirs"}
    theirs = selectors.read(raw | {"start": "ten", "nodes": [ten, thanks]})
    services.change(shop, theirs, by="alice")

    found = selectors.rehearsed_page(shop).items

    zones = {1: "Asia/Tokyo", 2: "America/New_York", 3: "Pacific/Auckland", 4: "Asia/Tokyo"}
    assert {one.customer for one in found} == {1, 2, 3, 4}
    assert {one.at.astimezone(clock.zone(zones[one.customer])).hour for one in found} == {10}
    assert "quiet_hours" not in {one.reason for one in found}
    assert all(timedelta(0) <= one.at - one.entered_at <= timedelta(1) for one in found)
