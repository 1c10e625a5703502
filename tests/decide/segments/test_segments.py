"""Segments over a shop's life: kept, asked, followed from refresh to refresh, frozen, put away."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from joren.core.errors import BadInput
from joren.decide.segments import models, rules, selectors, services
from joren.decide.segments.contracts import (
    MOVES,
    PURCHASED,
    All,
    Bought,
    Is,
    Member,
    NoSuchSegment,
    Not,
    ReviewNotAhead,
    RuleMeaningless,
    SegmentInUse,
    SegmentNameTaken,
    Window,
)
from joren.decide.segments.selectors import asking as asking_room
from joren.decide.segments.selectors.asking import Asking
from joren.decide.segments.services import following
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import selectors as audit
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from joren.warehouse.rows import write_rows
from tests.project.refreshing import refreshed
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db
REPEAT = Is("orders", "at_least", (2,))
RECENT = Bought("orders", "at_least", (1,), window=Window(last_days=30))


def everybody(rule: object) -> set[int]:
    return set(selectors.members_of(rule, limit=10_000))  # type: ignore[arg-type]


@pytest.mark.parametrize("one", rules.READY_MADE, ids=lambda one: one.en)
def test_bits_and_the_expression_say_the_same(
    refreshed_shop: Warehouse, one: rules.ReadyMade
) -> None:
    asking = Asking(values.snapshot())

    found = refreshed_shop.engine.rows(rules.customers(one.rule, asking.sources))

    assert {row["customer_id"] for row in found} == everybody(one.rule)


def test_a_preview_says_what_each_rule_leaves(refreshed_shop: Warehouse) -> None:
    found = selectors.preview(All((REPEAT, Not(RECENT))))

    assert found.of == CUSTOMERS
    assert [step.left for step in found.steps][-1] == found.customers
    assert found.steps[0].alone == found.steps[0].left == len(everybody(REPEAT))
    assert set(found.examples) <= everybody(REPEAT) - everybody(RECENT)
    assert "購入回数が2回以上" in found.ja


def test_members_come_in_slices(refreshed_shop: Warehouse) -> None:
    whole = selectors.members_of(All(), limit=CUSTOMERS + 1)
    first = selectors.members_of(All(), limit=30)

    assert len(whole) == CUSTOMERS
    assert first + selectors.members_of(All(), after=first[-1], limit=CUSTOMERS) == whole


def test_who_came_and_who_left_is_written_at_each_refresh(unrefreshed_shop: Warehouse) -> None:
    kept = services.create("recent", RECENT, by="alice")
    refreshed(as_of=date(2026, 3, 31))
    before = everybody(RECENT)
    refreshed(as_of=date(2026, 4, 30))
    after = everybody(RECENT)
    report = selectors.report(values.snapshot())

    assert report is not None
    (counted,) = report.segments
    assert (counted.members, counted.entered, counted.left, counted.error) == (
        len(after), len(after - before), len(before - after), "",
    )  # fmt: skip
    moves = selectors.moves_of(kept.id, limit=10_000)
    latest = [one for one in moves if one.moved_on == date(2026, 4, 30)]
    assert {one.customer_id for one in latest if one.entered} == after - before
    assert {one.customer_id for one in latest if not one.entered} == before - after
    replayed: set[int] = set()
    for one in reversed(moves):
        (replayed.add if one.entered else replayed.discard)(one.customer_id)
    assert replayed == after


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Is("first_store", "is", ("987654",)), "no number 987654"),
        (Bought("orders", "at_least", (1,), (Is("store", "is", ("987654",)),)), "no number 987654"),
        (Is("stage", "is", ("active",), ago=36_500), "no figures of 36500 days ago"),
    ],
)
def test_what_there_is_not_is_refused(refreshed_shop: Warehouse, rule: Is, said: str) -> None:
    for asked in (selectors.preview, lambda one: services.create("x", one, by="alice")):
        with pytest.raises(RuleMeaningless, match=said):
            asked(rule)


def test_a_mean_of_few_is_not_shown(refreshed_shop: Warehouse) -> None:
    asking = Asking(values.snapshot())
    bits = np.zeros(asking.people.size, dtype=np.bool_)
    bits[:2] = True

    few = asking_room._against(asking, bits, "revenue_past").segment

    assert (few.n, few.value, few.low) == (2, None, None)
    assert few.why.startswith("too few")


def test_of_whom_no_cost_is_known_it_is_said_that_they_bought(refreshed_shop: Warehouse) -> None:
    asking = Asking(values.snapshot())
    uncosted = np.isnan(asking.column("profit_past")) & ~np.isnan(asking.column("revenue_past"))

    found = asking_room._against(asking, uncosted, "profit_past").segment

    assert uncosted.any()
    assert (found.n, found.why) == (0, "the cost of what they bought is not known")


def test_an_owner_fits_the_column_and_a_review_lies_ahead() -> None:
    one = services.create("repeat", REPEAT, by="alice")

    with pytest.raises(BadInput, match="101 characters"):
        services.change(one.id, by="alice", owner="x" * 101)
    with pytest.raises(BadInput, match="101 characters"):
        services.create("other", REPEAT, by="alice", owner="x" * 101)
    with pytest.raises(ReviewNotAhead):
        services.change(one.id, by="alice", review_on=date(2020, 1, 1))
    with pytest.raises(ReviewNotAhead):
        services.create("other", REPEAT, by="alice", review_on=date(2020, 1, 1))


@pytest.mark.parametrize("field", ["first_store", "life_stage"])
def test_a_rule_that_fails_stops_neither_a_refresh_nor_other_segments(
    unrefreshed_shop: Warehouse, alice_the_admin: Client, field: str
) -> None:
    kept = services.create("repeat", REPEAT, by="alice")
    broken = services.create("broken", REPEAT, by="alice")
    rule = {"kind": "is", "field": field, "op": "is", "values": ["9" * 40]}
    models.Segment.objects.filter(pk=broken.id).update(rule=rule)  # as an older joren kept it
    refreshed(as_of=date(2026, 3, 31))
    report = selectors.report(values.snapshot())

    assert report is not None
    found = {one.segment: one for one in report.segments}
    assert found[kept.id].members == len(everybody(REPEAT))
    assert "cannot be asked" in found[broken.id].error
    assert selectors.overlaps(REPEAT, without=kept.id) == []
    shown = alice_the_admin.get(f"/segments/{broken.id}/")
    assert shown.status_code == 200
    assert "条件では検索できません" in shown.content.decode()
    assert alice_the_admin.get(f"/segments/{broken.id}/edit/").status_code == 200
    assert alice_the_admin.get(f"/api/segments/{kept.id}/overlaps").status_code == 200


def test_only_the_newest_snapshot_keeps_what_rules_are_asked_of(
    unrefreshed_shop: Warehouse,
) -> None:
    refreshed(as_of=date(2026, 3, 31))
    refreshed(as_of=date(2026, 4, 30))

    assert not unrefreshed_shop.lake.files(PURCHASED, snapshot=1)
    assert unrefreshed_shop.lake.files(PURCHASED, snapshot=2)


def test_orders_of_a_large_shop_are_written_in_parts(
    unrefreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for at_once in (following.ORDERS_AT_ONCE, 100):
        monkeypatch.setattr(following, "ORDERS_AT_ONCE", at_once)
        snapshot = unrefreshed_shop.snapshots.next_id()
        refreshed(as_of=date(2026, 3, 31))
        assert (len(unrefreshed_shop.lake.files(PURCHASED, snapshot=snapshot)) > 1) == (
            at_once == 100
        )
        rows = unrefreshed_shop.snapshots.table(snapshot, PURCHASED).order_by("order_id")
        written.append(unrefreshed_shop.engine.arrow(rows))

    assert written[0].num_rows > 100
    assert written[0] == written[1]


def test_moves_that_a_dead_refresh_wrote_never_happened(refreshed_shop: Warehouse) -> None:
    house = warehouse()
    made = write_rows(
        [{"segment_id": 1, "customer_id": 1, "entered": True, "moved_on": date(2026, 1, 1)}],
        house.scratch, MOVES,
    )  # fmt: skip
    house.lake.append(MOVES, made, key="dead", snapshot=house.snapshots.next_id())
    assert selectors.moves_of(1) == []

    refreshed(as_of=date(2026, 4, 30))

    assert selectors.moves_of(1) == []


def test_a_frozen_segment_keeps_its_members_and_thaws(unrefreshed_shop: Warehouse) -> None:
    kept = services.create("recent", RECENT, by="alice")
    refreshed(as_of=date(2026, 3, 31))
    before = everybody(RECENT)
    services.freeze(kept.id, by="alice")
    refreshed(as_of=date(2026, 4, 30))

    assert everybody(Member(kept.id)) == before != everybody(RECENT)
    assert everybody(selectors.rule_of(selectors.segment(kept.id))) == before
    with pytest.raises(SegmentInUse):
        services.change(kept.id, by="alice", rule=REPEAT)
    services.thaw(kept.id, by="alice")
    assert everybody(Member(kept.id)) == everybody(RECENT)


def test_a_changed_rule_is_a_version_with_who_and_why(db: None) -> None:
    kept = services.create("repeat", REPEAT, by="alice", why="first try")
    services.change(kept.id, by="bob", why="too many", rule=All((REPEAT, RECENT)))
    services.change(kept.id, by="bob", note="only a note")

    found = selectors.versions(kept.id)

    assert [(one.number, one.changed_by, one.why) for one in found] == [
        (2, "bob", "too many"),
        (1, "alice", "first try"),
    ]
    assert selectors.segment(kept.id).note == "only a note"


def test_a_name_is_used_once_and_is_free_again_after_the_archive(db: None) -> None:
    kept = services.create("repeat", REPEAT, by="alice")
    with pytest.raises(SegmentNameTaken):
        services.create(" repeat ", REPEAT, by="alice")
    services.archive(kept.id, by="alice")
    services.create("repeat", REPEAT, by="alice")

    with pytest.raises(SegmentNameTaken):
        services.restore(kept.id, by="alice")
    with pytest.raises(BadInput):
        services.create("  ", REPEAT, by="alice")


def test_segments_of_segments_make_no_ring_and_hold_what_they_stand_on(db: None) -> None:
    one = services.create("one", REPEAT, by="alice")
    other = services.create("other", Not(Member(one.id)), by="alice")

    with pytest.raises(RuleMeaningless):
        services.change(one.id, by="alice", rule=Member(other.id))
    with pytest.raises(RuleMeaningless):
        services.create("third", Member(99), by="alice")
    with pytest.raises(SegmentInUse):
        services.archive(one.id, by="alice")
    with pytest.raises(NoSuchSegment):
        selectors.segment(99)


def test_a_segment_is_worth_what_its_customers_are(refreshed_shop: Warehouse) -> None:
    past, *_ = selectors.against_rest(REPEAT)
    segment, rest = past.segment, past.rest
    values_of = refreshed_shop.engine.rows(
        refreshed_shop.snapshots.table(values.snapshot().id, values.CUSTOMER_VALUES)
    )
    mine = [row["revenue_past"] for row in values_of if row["orders"] >= 2]

    assert (segment.n or 0) + (rest.n or 0) == CUSTOMERS
    assert segment.value == pytest.approx(sum(mine) / len(mine))
    assert segment.low is not None
    assert segment.low < segment.value < (segment.high or 0)


def test_overlaps_count_who_is_in_both(refreshed_shop: Warehouse) -> None:
    services.create("recent", RECENT, by="alice")

    (found,) = selectors.overlaps(REPEAT)

    assert found.both == len(everybody(REPEAT) & everybody(RECENT))


def test_programs_keep_ask_and_put_away_segments(
    alice_the_admin: Client, bob_the_viewer: Client, refreshed_shop: Warehouse, tmp_path: Path
) -> None:
    body = {"name": "repeat", "rule": rules.written(REPEAT)}
    refused = bob_the_viewer.post("/api/segments", body, content_type="application/json")
    made = alice_the_admin.post("/api/segments", body, content_type="application/json")
    number = made.json()["id"]
    listed = bob_the_viewer.get(f"/api/segments/{number}/members?limit=5").json()
    preview = alice_the_admin.post(
        "/api/segments/preview", {"rule": rules.written(REPEAT)}, content_type="application/json"
    ).json()
    meaningless = alice_the_admin.post(
        "/api/segments",
        {"name": "x", "rule": {"kind": "is", "field": "x", "op": "yes"}},
        content_type="application/json",
    )
    language = bob_the_viewer.get("/api/segments/language").json()
    gone = alice_the_admin.delete(f"/api/segments/{number}").json()

    assert (refused.status_code, made.status_code, meaningless.status_code) == (403, 201, 422)
    assert meaningless.json()["code"] == "RuleMeaningless"
    assert made.json()["en"] == "Number of orders is at least 2 orders"
    assert len(listed["items"]) == 5
    assert listed["next"]
    (taken,) = [one for one in audit.entries(limit=50).items
                if one.action == "segments.members_taken"]  # fmt: skip
    assert (taken.subject_id, taken.detail) == (str(number), {"customers": 5})
    assert taken.actor.startswith("member:")
    assert preview["customers"] == len(everybody(REPEAT))
    assert {"customer", "purchase", "line", "measure", "event", "happening"} == {
        one["of"] for one in language["fields"]
    }
    assert gone["archived"] is True
    assert json.dumps(language)
