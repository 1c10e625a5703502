"""Parts, praise, meetings, and the log of decisions, as the database keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from joren.accounts import selectors as accounts
from joren.act.pressure import models as pressure
from joren.core import clock
from joren.decide.holdouts import services as holdouts
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.decide.strategies import services as strategies
from joren.measure.channels import models as channels
from joren.measure.practices import services as practices
from joren.measure.practices.contracts import NoSuchPractice, PracticeText
from joren.measure.reviews import services as reviews
from joren.measure.reviews.contracts import ReviewPlan
from joren.measure.team import models, selectors, services
from joren.measure.team.contracts import (
    BadTeamEntry,
    MeetingText,
    NoSuchAction,
    NoSuchTraining,
    TrainingText,
)
from joren.measure.trials import services as trials
from joren.measure.trials.contracts import TrialPlan
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(alice_the_admin: Client) -> int:
    return int(accounts.member("alice@example.com").id)


@pytest.fixture
def bob(bob_the_viewer: Client) -> int:
    return int(accounts.member("bob@example.com").id)


def a_holdout(name: str = "spring") -> int:
    kept = segments.create(f"of {name}", Is("orders", "at_least", (2,)), by="alice")
    return holdouts.divide(kept.id, name=name, share=0.2, by="alice").id


def test_every_part_of_an_action_is_kept_and_said_anew(
    refreshed_shop: Warehouse, alice: int, bob: int
) -> None:
    number = a_holdout()

    services.share_out("holdout", str(number), {"owner": [alice], "informed": [bob]}, by="alice")
    made = services.share_out("holdout", str(number), {"informed": [], "decider": [bob]}, by="bob")

    assert (made.owner, made.decider) == (made.everybody[0], made.everybody[1])
    assert [one.id for one in made.everybody] == [alice, bob]
    assert made.informed == ()
    with pytest.raises(NoSuchAction):
        services.share_out("holdout", "999", {}, by="alice")


def test_the_database_too_knows_one_owner(alice: int, bob: int) -> None:
    models.Part.objects.create(kind="campaign", key="1", duty="owner", member_id=alice)

    with pytest.raises(IntegrityError), transaction.atomic():
        models.Part.objects.create(kind="campaign", key="1", duty="owner", member_id=bob)


def test_a_practice_shows_its_own_owner(alice: int) -> None:
    practices.write("packaging", PracticeText(owner=alice), by="alice")

    [one] = [each for each in selectors.actions() if each.key == "packaging"]

    assert one.owner is not None
    assert one.owner.id == alice
    with pytest.raises(BadTeamEntry):
        services.share_out("practice", "packaging", {"owner": [alice]}, by="alice")


def test_for_one_result_somebody_is_thanked_once(alice: int) -> None:
    first = services.thank(alice, what="F2", source="tuning", key="3", by="bob")
    again = services.thank(alice, what="F2", source="tuning", key="3", by="bob")
    by_hand = [services.thank(alice, what="電話対応", by="bob") for _ in range(2)]

    assert first == again
    assert len({one.id for one in by_hand}) == 2
    assert len(selectors.praises()) == 3
    with pytest.raises(BadTeamEntry):
        services.thank(alice, what="F2", source="tuning", by="bob")


def test_a_decision_that_came_true_asks_for_thanks_until_they_are_said(
    refreshed_shop: Warehouse, alice: int
) -> None:
    one = reviews.plan(ReviewPlan(date(2026, 10, 1), alice, "profit"), by="alice")
    reviews.open_data(one.id, by="alice")
    tuning = reviews.decide(
        one.id, part="means", decision="change", about="F2 mail", by=f"member:{alice}"
    )
    assert selectors.deserved() == []
    reviews.close(one.id, by="alice")
    reviews.judge(tuning.id, verdict="won", by="alice")

    [due] = selectors.deserved()

    assert (due.person.id, due.source, due.key, due.what) == (
        alice, "tuning", str(tuning.id), "F2 mail",
    )  # fmt: skip
    services.thank(alice, what=due.what, source=due.source, key=due.key, by="bob")
    assert selectors.deserved() == []


def test_notes_are_kept_changed_and_taken_away(alice: int) -> None:
    made = services.keep_meeting(MeetingText(date(2026, 11, 1), "定例", "全員賛成", (alice,)),
                                 by="alice")  # fmt: skip
    services.keep_meeting(MeetingText(date(2026, 11, 2), "定例", "一部反対"), number=made.id,
                          by="bob")  # fmt: skip

    [kept] = selectors.meetings()

    assert (kept.text.notes, kept.present, kept.changed_by) == ("一部反対", (), "bob")
    services.forget_meeting(made.id, by="alice")
    assert selectors.meetings() == []


def test_whatever_was_decided_stands_in_one_log_with_its_reason(
    refreshed_shop: Warehouse, alice: int
) -> None:
    number = a_holdout()
    review = reviews.plan(ReviewPlan(date(2026, 10, 1), alice, "profit"), by="alice")
    reviews.open_data(review.id, by="alice")
    reviews.decide(review.id, part="means", decision="stop", about="夏のクーポン",
                   reason="利益が出ない", by=f"member:{alice}")  # fmt: skip
    segment = segments.create("休眠", Is("orders", "at_least", (1,)), by="alice")
    strategies.review(segment.id, decision="stop", note="反応がない", by="alice")
    holdouts.set_global(share=0, reason="繁忙期", by="alice")
    holdouts.close(number, by="alice")
    pressure.Alarm.objects.create(
        source="", measure="complaints", bad=5, of=900, low=0.002, limit=0.001, stopped=True,
        raised_at=clock.now(), ended_at=clock.now(), ended_by="alice", why="名簿を直した",
    )  # fmt: skip

    found = selectors.decisions()

    said = {(one.what, one.about): one.reason for one in found}
    assert said["stop", "夏のクーポン"] == "利益が出ない"
    assert said["stop", "休眠"] == "反応がない"
    assert said["nobody_left_out", ""] == "繁忙期"
    assert ("closed", "spring") in said
    assert said["alarm_settled", ""] == "名簿を直した"
    assert ("guard_stopped", "") in said
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert next(one.by for one in found if one.about == "夏のクーポン") == "alice@example.com"
    assert [one.about for one in selectors.decisions(words="クーポン 利益")] == ["夏のクーポン"]
    assert {one.kind for one in selectors.decisions(kind="stopped")} == {"stopped"}


def test_the_api_shares_out_finds_and_refuses(
    refreshed_shop: Warehouse, alice_the_admin: Client, bob_the_viewer: Client, alice: int
) -> None:
    number = a_holdout()
    address = f"/api/team/actions/holdout/{number}"

    kept = alice_the_admin.put(address, {"owner": [alice]}, content_type="application/json")
    refused = bob_the_viewer.put(address, {"owner": [alice]}, content_type="application/json")
    holdouts.close(number, by="alice")
    log = bob_the_viewer.get("/api/team/decisions", {"words": "spring"})

    assert kept.json()["owner"]["id"] == alice
    assert refused.status_code == 403
    assert [one["what"] for one in log.json()["items"]] == ["closed"]
    assert bob_the_viewer.get(f"/api/team/members/{alice}/notices").status_code == 403
    assert alice_the_admin.get(f"/api/team/members/{alice}/notices").json()["language"] == "ja"


def test_the_training_record_says_who_learned_what_and_who_nothing(alice: int, bob: int) -> None:
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    text = TrainingText(bob, " 返品対応 ", today, 90, "https://example.com/1", "free_returns")

    made = services.train(text, by="alice")
    services.train(replace(text, on=today - timedelta(days=400), practice=""), by="alice")

    assert (made.person.id, made.text.what) == (bob, "返品対応")
    assert [one.text.minutes for one in selectors.trainings(member=bob)] == [90, 90]
    assert selectors.trainings(member=alice) == []
    year = [(one.person.id, one.times, one.minutes) for one in selectors.trained(until=today)]
    assert year == [(alice, 0, 0), (bob, 1, 90)]
    services.take_back_training(made.id, by="alice")
    with pytest.raises(NoSuchTraining):
        services.take_back_training(made.id, by="alice")


@pytest.mark.parametrize(
    "change", [{"minutes": 0}, {"what": " "}, {"on": date(2999, 1, 1)}, {"minutes": 10_001}]
)
def test_what_was_not_learned_is_not_written_down(bob: int, change: dict[str, Any]) -> None:
    text = TrainingText(bob, "電話対応", date(2026, 1, 1), 60)

    with pytest.raises(BadTeamEntry):
        services.train(replace(text, **change), by="alice")
    with pytest.raises(NoSuchPractice):
        services.train(replace(text, practice="nothing"), by="alice")


def test_the_page_and_programs_keep_the_record(
    alice: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    sent = {"member": alice, "what": "電話対応", "on": "2026-01-05", "minutes": 45}
    alice_the_admin.post("/reviews/team/training/act/", sent)
    made = alice_the_admin.post(
        "/api/team/trainings", {**sent, "what": "敬語"}, content_type="application/json"
    )

    page = bob_the_viewer.get("/reviews/team/training/").content.decode()
    refused = bob_the_viewer.post("/reviews/team/training/act/", sent)

    assert "電話対応" in page
    assert "敬語" in page
    assert refused.status_code == 403
    number = made.json()["id"]
    assert alice_the_admin.delete(f"/api/team/trainings/{number}").status_code == 204
    assert len(alice_the_admin.get("/api/team/trainings").json()["items"]) == 1


def test_every_word_on_a_practice_and_every_draw_stands_in_the_log(
    refreshed_shop: Warehouse, alice: int
) -> None:
    for said in ("続ける", "続ける", "やめる"):
        practices.write("packaging", PracticeText(decision=said), by="alice")
    first = clock.shop_day(clock.now(), "Asia/Tokyo") + timedelta(days=1)
    plan = TrialPlan("packaging", "order", first, first + timedelta(days=30))
    drawn = trials.draw(plan, by="alice")

    found = selectors.decisions()

    assert [(one.kind, one.reason) for one in found if one.subject == "practice"] == [
        ("practice", "やめる"), ("practice", "続ける"),
    ]  # fmt: skip
    [tried] = [one for one in found if one.kind == "tried"]
    assert (tried.subject, tried.key) == ("trial", str(drawn.id))
    assert str(first) in tried.about
    assert [one.reason for one in selectors.decisions(words="やめる")] == ["やめる"]


def test_people_have_parts_in_tests_by_area_and_in_what_was_tried(alice: int) -> None:
    test = channels.AreaTest.objects.create(
        name="秋のTV", channel="tv", unit="broadcast", started_on=date(2025, 10, 6),
        stopped_on=date(2025, 11, 6), lag_days=14, by_lot=True, salt="s", drawn_at=clock.now(),
        drawn_by="alice",
    )  # fmt: skip
    first = clock.shop_day(clock.now(), "Asia/Tokyo") + timedelta(days=1)
    trials.draw(TrialPlan("packaging", "order", first, first + timedelta(days=30)), by="alice")

    made = services.share_out("area_test", str(test.pk), {"owner": [alice]}, by="alice")

    assert (made.name, made.running, made.owner) == ("秋のTV", False, made.everybody[0])
    assert selectors.action("practice", "packaging").running
