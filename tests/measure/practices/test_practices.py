"""The fifteen and the shop's own, from a name to what they brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from joren.accounts import selectors as accounts
from joren.decide.holdouts import services as holdouts
from joren.decide.holdouts.contracts import NoSuchHoldout
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.measure.practices import models, selectors, services
from joren.measure.practices.contracts import (
    FIFTEEN,
    NoSuchPractice,
    PracticeNameTaken,
    PracticeText,
    Scored,
    Step,
)
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db


def test_the_fifteen_are_there_before_anybody_writes_and_own_ones_follow() -> None:
    services.add("手書きのカード", by="alice")

    found = selectors.practices()

    assert [one.key for one in found][:15] == list(FIFTEEN)
    assert [(one.own, one.name) for one in found[15:]] == [(True, "手書きのカード")]
    with pytest.raises(PracticeNameTaken):
        services.add(" 手書きのカード ", by="alice")


def test_what_is_written_stays_and_is_said_anew(alice_the_admin: Client) -> None:
    alice = int(accounts.member("alice@example.com").id)
    text = PracticeText(
        owner=alice, steps=(Step("箱を選ぶ", done=True), Step("写真を撮る")), unit="order", cost=80,
        started_on=date(2026, 10, 1), decision="続ける。満足度が上がった",
    )  # fmt: skip

    made = services.write("packaging", text, by="alice")
    again = services.write("packaging", replace(made.text, stopped_on=date(2026, 11, 1)), by="bob")

    assert (made.text, made.runs, made.owner_name) == (text, True, "alice@example.com")
    assert (again.runs, again.changed_by) == (False, "bob")
    assert len(selectors.practices()) == 15


def test_a_practice_shows_what_its_holdout_says(refreshed_shop: Warehouse) -> None:
    kept = segments.create("repeat", Is("orders", "at_least", (2,)), by="alice")
    drawn = holdouts.divide(kept.id, name="boxes", share=0.2, by="alice")

    made = services.write("packaging", PracticeText(holdout=drawn.id), by="alice")

    said = selectors.measured(made)
    assert said is not None
    assert (said.name, said.evidence) == ("boxes", "not_yet")


def test_the_lot_of_a_trial_is_no_holdout_of_a_practice(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    lot = holdouts.stand_trial("boxes", by="alice")

    with pytest.raises(NoSuchHoldout):
        services.write("packaging", PracticeText(holdout=lot.id), by="alice")

    models.Practice.objects.create(code="packaging", holdout_id=lot.id)  # as was once possible
    assert selectors.measured(selectors.practice("packaging")) is None
    assert alice_the_admin.get("/practices/packaging/").status_code == 200
    kept = selectors.practice("packaging").text
    services.write("packaging", replace(kept, decision="続ける"), by="alice")
    assert "続ける" in alice_the_admin.get("/practices/packaging/").content.decode()
    assert alice_the_admin.get(f"/api/holdouts/{lot.id}/horizons").status_code == 404


def test_an_audit_is_held_once_a_quarter_and_may_be_mended_in_it() -> None:
    services.assess({code: Scored(1) for code in FIFTEEN}, by="alice")

    services.assess({code: Scored(2) for code in FIFTEEN}, by="bob")

    (audit,) = selectors.audits()
    assert (audit.total, audit.held_by) == (30, "bob")
    assert selectors.standing().held
    assert {one.score for one in selectors.practices()} == {2}


def test_nobody_finds_what_is_not_there() -> None:
    for key in ("magic", "own-7", "own-x"):
        with pytest.raises(NoSuchPractice):
            selectors.practice(key)


def test_pages_and_programs_write_and_show(alice_the_admin: Client) -> None:
    page = alice_the_admin
    page.post("/practices/add/", {"name": "手書きのカード"})
    own = selectors.practices()[-1].key
    sent = {
        "steps": "x 紙を選ぶ\n文面を書く",
        "unit": "order",
        "cost": "30",
        "started_on": "2026-10-01",
    }
    page.post(f"/practices/{own}/write/", sent)
    scores = {f"score-{code}": "1" for code in FIFTEEN}
    page.post("/practices/audit/", scores)

    listed = page.get("/practices/").content.decode()
    one = page.get(f"/practices/{own}/").content.decode()
    told = page.get(f"/api/practices/{own}").json()
    asked = page.put(
        "/api/practices/packaging", {"evidence": "写真"}, content_type="application/json"
    )

    assert "手書きのカード" in listed
    assert "1/2" in listed
    assert "x 紙を選ぶ" in one
    assert (told["text"]["cost"], told["text"]["steps"][0]["done"]) == (30, True)
    assert asked.json()["text"]["evidence"] == "写真"
    assert page.get("/api/practices/standing").json()["total"] == 15
