"""Cards and reviews of segments, and what refreshes count of their members."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.errors import BadInput
from joren.decide.holdouts import services as holdouts
from joren.decide.segments import models
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as keeping
from joren.decide.segments.contracts import MEMBERS, All, Is, Not, ReviewNotAhead
from joren.decide.strategies import selectors, services
from joren.decide.strategies.contracts import NotADecision
from joren.protect.audit import selectors as audit
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Warehouse
from tests.project.refreshing import refreshed

pytestmark = pytest.mark.django_db
REPEAT = Is("orders", "at_least", (2,))
STRANGERS = Not(Is("prefecture", "known"))


def today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)


def test_a_card_names_a_member_and_its_day_is_the_segments(alice_the_admin: Client) -> None:
    alice = accounts.member("alice@example.com")
    kept = keeping.create("repeat", REPEAT, by="bob")
    day = today() + timedelta(days=30)

    card = services.write_card(
        kept.id, by="bob", owner=int(alice.id), purpose="second orders", kpi="F2", review_on=day
    )

    assert (card.owner, card.purpose, card.kpi, card.review_on) == (
        alice.id, "second orders", "F2", day,
    )  # fmt: skip
    assert segments.segment(kept.id).review_on == day
    assert segments.segment(kept.id).owner == "alice@example.com"
    assert services.write_card(kept.id, by="bob", kpi="F3").purpose == "second orders"
    with pytest.raises(ReviewNotAhead):
        services.write_card(kept.id, by="bob", review_on=today() - timedelta(days=1))
    with pytest.raises(BadInput, match="no 'colour'"):
        services.write_card(kept.id, by="bob", colour="red")
    assert "strategies.written" in {one.action for one in audit.entries().items}


def test_a_review_decides_and_says_when_the_next_one_is(refreshed_shop: Warehouse) -> None:
    kept = keeping.create("repeat", REPEAT, by="bob")
    refreshed(as_of=date(2026, 4, 30))
    drawn = holdouts.divide(kept.id, name="spring", share=0.2, by="bob")
    day = today() + timedelta(days=90)

    made = services.review(kept.id, by="bob", decision="keep", note=" as hoped ", next_on=day)

    assert (made.decision, made.note, made.next_on, made.evidence) == (
        "keep", "as hoped", day, "not_yet",
    )  # fmt: skip
    assert made.members == segments.size(REPEAT)
    assert segments.segment(kept.id).review_on == day
    assert [one.number for one in selectors.outcomes_of(kept.id)] == [drawn.id]
    stopped = services.review(kept.id, by="bob", decision="stop")
    assert selectors.reviews(kept.id) == [stopped, made]
    assert segments.segment(kept.id).review_on is None
    with pytest.raises(BadInput, match="no day"):
        services.review(kept.id, by="bob", decision="change")
    with pytest.raises(NotADecision):
        services.review(kept.id, by="bob", decision="maybe", next_on=day)  # type: ignore[arg-type]


def test_what_is_overdue_is_said_on_home_the_longest_first(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    for name, days in (("late", 3), ("later", 9), ("latest", 30), ("soon", -2)):
        made = keeping.create(name, All(), by="bob", review_on=today() + timedelta(days=30))
        day = today() - timedelta(days=days)
        models.Segment.objects.filter(pk=made.id).update(review_on=day)  # time has passed

    told = alice_the_admin.get("/", headers={"Accept-Language": "en"}).content.decode()

    assert [one.name for one in selectors.overdue(today())] == ["latest", "later", "late"]
    assert "The review of “latest” is 30 days overdue. 2 more reviews are overdue." in told


def test_a_refresh_counts_of_whom_segments_consist(unrefreshed_shop: Warehouse) -> None:
    repeat = keeping.create("repeat", REPEAT, by="bob")
    strangers = keeping.create("strangers", STRANGERS, by="bob")
    refreshed(as_of=date(2026, 3, 31))
    refreshed(as_of=date(2026, 4, 30))
    house = unrefreshed_shop
    members = house.engine.rows(house.snapshots.table(house.snapshots.latest().id, MEMBERS))  # type: ignore[union-attr]
    ranks = {
        row["customer_id"]: row
        for row in house.engine.rows(house.snapshots.table(2, CUSTOMER_RANKS))  # type: ignore[arg-type]
    }
    mine = {row["customer_id"] for row in members if row["segment_id"] == repeat.id}

    found = {one.segment: one for one in selectors.drift_report()}

    drift = found[repeat.id]
    assert [(one.as_of, one.members) for one in drift.history][-1] == (date(2026, 4, 30), len(mine))
    assert drift.since == date(2026, 3, 31)
    for one in drift.parts:
        if one.dimension == "decile":
            there = [who for who in mine if str(ranks[who]["decile"]) == one.value]
            assert one.now == len(there) / len(mine)
    (also,) = drift.shared
    theirs = {row["customer_id"] for row in members if row["segment_id"] == strangers.id}
    assert (also.segment, also.now) == (strangers.id, len(mine & theirs) / len(mine))
    assert found[strangers.id].verdict in ("steady", "moved")


def test_a_changed_rule_begins_a_past_of_its_own(twice_refreshed_shop: Warehouse) -> None:
    kept = keeping.create("repeat", REPEAT, by="bob")
    refreshed(as_of=date(2026, 5, 31))
    keeping.change(kept.id, by="bob", rule=Is("orders", "at_least", (3,)))

    assert selectors.drift_of(kept.id).history == ()
    assert selectors.drift_of(kept.id).verdict == "not_yet"


def test_pages_and_programs_write_the_same_card(
    twice_refreshed_shop: Warehouse, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    kept = keeping.create("repeat", REPEAT, by="bob")
    page, day = f"/segments/{kept.id}/strategy/", (today() + timedelta(days=40)).isoformat()

    sent = {"purpose": "second orders", "kpi": "F2", "owner": "", "review_on": day}
    alice_the_admin.post(f"{page}write/", sent)
    alice_the_admin.post(f"{page}review/", {"decision": "change", "next_on": day, "note": "wider"})
    told = bob_the_viewer.get(f"/api/segments/{kept.id}/strategy").json()

    assert told["card"]["purpose"] == "second orders"
    assert [(one["decision"], one["next_on"]) for one in told["reviews"]] == [("change", day)]
    shown = bob_the_viewer.get(page, headers={"Accept-Language": "ja"}).content.decode()
    assert "wider" in shown
    assert "second orders" in shown
    assert "<form" not in shown.split('id="card"')[1]
    changed = alice_the_admin.patch(
        f"/api/segments/{kept.id}/strategy", json.dumps({"kpi": "F3"}), "application/json"
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["purpose"] == "second orders"
    assert bob_the_viewer.get("/segments/strategies/").status_code == 200
    assert [one["name"] for one in bob_the_viewer.get("/api/drift").json()["items"]] == ["repeat"]
    refused = alice_the_admin.post(f"{page}review/", {"decision": "keep"}, follow=True)
    assert refused.status_code == 200
    assert len(selectors.reviews(kept.id)) == 1
