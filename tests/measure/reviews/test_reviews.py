"""A review from its criterion to what came of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import gettext

from joren.accounts import selectors as accounts
from joren.act.pressure import models as pressure
from joren.core import clock
from joren.decide.holdouts import services as holdouts
from joren.decide.holdouts.contracts import NoSuchHoldout
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.measure.experiments import selectors as effects
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.measure.practices import selectors as practices
from joren.measure.practices.contracts import FIFTEEN, Scored
from joren.measure.practices.services import assess
from joren.measure.reviews import models, selectors, services
from joren.measure.reviews.contracts import (
    MOST_DAYS,
    MonthlyReview,
    NoSuchReview,
    ReviewDayTaken,
    ReviewIncomplete,
    ReviewNotOpen,
    ReviewPlan,
)
from joren.measure.trials import models as trials
from joren.measure.trials.contracts import TRIAL_EVIDENCE_NAMES
from joren.plumbing import outbox
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db
DAY, NEXT = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def alice(alice_the_admin: Client) -> int:
    return int(accounts.member("alice@example.com").id)


def an_open_one(alice: int, day: date = DAY) -> MonthlyReview:
    planned = services.plan(ReviewPlan(day, alice, "go on if profit is proven"), by="alice")
    return services.open_data(planned.id, by="alice")


def test_the_criterion_cannot_be_changed_once_the_data_are_open(
    refreshed_shop: Warehouse, alice: int
) -> None:
    one = an_open_one(alice)

    with pytest.raises(ReviewNotOpen):
        services.replan(one.id, ReviewPlan(DAY, alice, "whatever suits"), by="alice")

    assert selectors.review(one.id).criterion == "go on if profit is proven"
    assert one.criterion_at is not None
    assert one.opened_at is not None
    assert one.criterion_at <= one.opened_at


def test_without_a_criterion_the_data_stay_closed(refreshed_shop: Warehouse, alice: int) -> None:
    planned = services.plan(ReviewPlan(DAY, alice), by="alice")

    with pytest.raises(ReviewIncomplete):
        services.open_data(planned.id, by="alice")

    assert selectors.review(planned.id).agenda is None


def test_the_database_too_wants_the_criterion_first(alice: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Cycle.objects.create(held_on=DAY, state="open", agenda=[], decider_id=alice)


def test_the_agenda_is_filled_from_the_data_and_stays(
    refreshed_shop: Warehouse, alice: int
) -> None:
    kept = segments.create("repeat", Is("orders", "at_least", (2,)), by="alice")
    drawn = holdouts.divide(kept.id, name="spring", share=0.2, by="alice")

    one = an_open_one(alice)

    agenda = one.agenda or ()
    assert {point.name for point in agenda if point.kind == "value"} == set(selectors.HEADLINE)
    [effect] = [point for point in agenda if point.kind == "effect"]
    assert (effect.name, effect.number, effect.said) == ("spring", drawn.id, "not_yet")
    segments.create("another", Is("orders", "at_least", (3,)), by="alice")
    assert services.open_data(one.id, by="bob").agenda == agenda


def test_trials_and_what_is_beyond_its_limit_are_on_the_agenda(
    refreshed_shop: Warehouse, alice: int, alice_the_admin: Client
) -> None:
    trial = trials.Trial.objects.create(
        practice="packaging", unit="order", first=date(2025, 10, 6), last=date(2025, 12, 28),
        horizon_days=60, period_days=7, washout_days=1, salt="salt", drawn_at=clock.now(),
        drawn_by="alice",
    )  # fmt: skip
    for source, measure in (("campaign", "complaints"), ("", "raise")):
        pressure.Alarm.objects.create(
            source=source, source_id=7 if source else 0, measure=measure, bad=5, of=900,
            low=0.002, limit=0.001, stopped=True, raised_at=clock.now(),
        )  # fmt: skip

    one = an_open_one(alice)
    page = alice_the_admin.get(f"/reviews/{one.id}/").content.decode()

    points = {(point.kind, point.said): point for point in one.agenda or ()}
    [tried] = [point for point in one.agenda or () if point.kind == "trial"]
    assert (tried.name, tried.number) == ("packaging", trial.pk)
    assert tried.said in TRIAL_EVIDENCE_NAMES
    beyond = points["guard", "complaints"].figure
    assert beyond is not None
    assert beyond.value == pytest.approx(5 / 900)
    assert points["guard", "raise"].figure is None
    assert "素敵なパッケージ" in page
    assert f"/practices/trials/{trial.pk}/" in page
    assert "迷惑メール報告率（到達1通あたり）（上限" in page
    assert "ショップ全体" in page


def test_the_quarters_audit_of_practices_is_on_the_agenda_and_home_until_it_is_held(
    refreshed_shop: Warehouse, alice: int, alice_the_admin: Client
) -> None:
    quarter = practices.standing().quarter

    one = an_open_one(alice)
    home = alice_the_admin.get("/").content.decode()
    page = alice_the_admin.get(f"/reviews/{one.id}/").content.decode()

    assert [point.name for point in one.agenda or () if point.kind == "audit"] == [quarter]
    assert f"{quarter}の取り組みの自己評価" in home
    assert "/practices/#audit" in home
    assert "/practices/#audit" in page
    assess(dict.fromkeys(FIFTEEN, Scored(1)), by="alice")
    assert "/practices/#audit" not in alice_the_admin.get("/").content.decode()
    later = an_open_one(alice, NEXT)
    assert [point for point in later.agenda or () if point.kind == "audit"] == []


def test_a_shop_that_never_held_a_review_is_told_on_home(
    refreshed_shop: Warehouse, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not selectors.standing().overdue
    today = selectors._today()
    monkeypatch.setattr(selectors, "_today", lambda: today + timedelta(days=MOST_DAYS + 1))

    home = alice_the_admin.get("/").content.decode()

    assert selectors.standing().days_since == MOST_DAYS + 1
    assert "最初の月次レビューの時期です" in home
    assert "最初の月次レビューの時期です" in alice_the_admin.get("/reviews/").content.decode()
    missed = services.plan(ReviewPlan(today), by="alice")
    assert f"/reviews/{missed.id}/" in alice_the_admin.get("/").content.decode()


def test_the_result_of_a_tuning_stands_beside_the_form_that_judges_it(
    refreshed_shop: Warehouse, alice: int, alice_the_admin: Client
) -> None:
    kept = segments.create("repeat", Is("orders", "at_least", (2,)), by="alice")
    drawn = holdouts.divide(kept.id, name="spring", share=0.2, by="alice")
    lot = holdouts.stand_trial("packaging", by="alice")
    one = an_open_one(alice)
    services.decide(
        one.id, part="means", decision="change", about="F2 mail", holdout=drawn.id, by="alice"
    )
    with pytest.raises(NoSuchHoldout):
        services.decide(
            one.id, part="means", decision="change", about="box", holdout=lot.id, by="alice"
        )
    services.close(one.id, by="alice")

    page = alice_the_admin.get(f"/reviews/{one.id}/").content.decode()

    said = effects.result(drawn.id)
    assert gettext(EVIDENCE_NAMES[said.evidence]) in page
    assert said.realised.name == "effect_realised"
    assert page.count("増分LTV") >= 1


def test_the_next_review_shows_what_was_before_and_what_is_open(
    refreshed_shop: Warehouse, alice: int
) -> None:
    first = an_open_one(alice)
    services.decide(
        first.id, part="means", decision="change", about="F2 mail", expected="F2 +2 points",
        by="alice",
    )  # fmt: skip
    services.add_action(first.id, what="write copy", due_on=NEXT, owner=alice, by="alice")
    services.close(first.id, by="alice")

    second = an_open_one(alice, NEXT)

    agenda = second.agenda or ()
    values = [point for point in agenda if point.kind == "value"]
    assert all(point.figure and point.before == point.figure.value for point in values)
    assert [point.name for point in agenda if point.kind == "tuning"] == ["F2 mail"]
    assert [point.name for point in agenda if point.kind == "action"] == ["write copy"]


def test_what_was_decided_stands_and_is_judged_later(refreshed_shop: Warehouse, alice: int) -> None:
    one = an_open_one(alice)
    made = services.decide(one.id, part="goal", decision="stop", about="point rule", by="alice")

    told: list[str] = []
    outbox.listen("reviews.", lambda name, _content: told.append(name))
    closed = services.close(one.id, by="alice")

    assert (closed.state, told) == ("closed", ["reviews.closed"])
    with pytest.raises(ReviewNotOpen):
        services.decide(one.id, part="goal", decision="scale", about="point rule", by="alice")
    services.judge(made.id, verdict="won", outcome="costs fell", by="alice")
    assert selectors.standing().won == 1


def test_nothing_is_won_before_its_review_is_over(refreshed_shop: Warehouse, alice: int) -> None:
    one = an_open_one(alice)
    made = services.decide(one.id, part="goal", decision="stop", about="point rule", by="alice")

    with pytest.raises(ReviewNotOpen):
        services.judge(made.id, verdict="won", by="alice")

    assert (selectors.standing().judged, selectors.standing().won) == (0, 0)


def test_an_action_is_done_and_may_be_taken_up_again(refreshed_shop: Warehouse, alice: int) -> None:
    one = an_open_one(alice)
    action = services.add_action(one.id, what="write copy", due_on=NEXT, by="alice")

    services.finish(action.id, by="alice")
    assert selectors.open_actions() == []
    services.finish(action.id, done=False, by="alice")

    assert [each.id for each in selectors.open_actions()] == [action.id]


def test_two_reviews_on_one_day_are_refused(alice: int) -> None:
    services.plan(ReviewPlan(DAY), by="alice")

    with pytest.raises(ReviewDayTaken):
        services.plan(ReviewPlan(DAY), by="alice")


def test_what_is_not_there_is_said_so(alice: int) -> None:
    for asked in (
        lambda: selectors.review(7),
        lambda: services.judge(7, verdict="won", by="alice"),
        lambda: services.finish(7, by="alice"),
    ):
        with pytest.raises(NoSuchReview):
            asked()


def test_a_review_is_held_on_the_page(refreshed_shop: Warehouse, alice_the_admin: Client) -> None:
    alice = int(accounts.member("alice@example.com").id)
    page = alice_the_admin
    sent = {"held_on": "2026-10-01", "decider": alice, "criterion": "利益で決める"}
    assert page.post("/reviews/new/", sent, follow=True).status_code == 200
    [one] = selectors.reviews()
    address = f"/reviews/{one.id}/act/"

    for deed in (
        {"do": "open"},
        {"do": "decide", "part": "means", "decision": "scale", "about": "水出しのメール"},
        {"do": "act", "what": "秋の原稿", "due_on": "2026-10-20", "owner": alice},
        {"do": "note", "notes": "全員賛成"},
        {"do": "close"},
    ):
        assert page.post(address, deed).status_code == 302

    said = page.get(f"/reviews/{one.id}/").content.decode()
    assert "水出しのメール" in said
    assert "秋の原稿" in said
    assert "全員賛成" in said
    assert selectors.review(one.id).state == "closed"
    assert "秋の原稿" in page.get("/reviews/").content.decode()
    assert page.get(f"/reviews/{one.id}/?format=csv&table=agenda").status_code == 200


def test_programs_hold_one_too(refreshed_shop: Warehouse, alice_the_admin: Client) -> None:
    alice = int(accounts.member("alice@example.com").id)
    ask = alice_the_admin
    kept = ask.post(
        "/api/reviews",
        {"held_on": "2026-10-01", "decider": alice, "criterion": "profit"},
        content_type="application/json",
    )
    number = kept.json()["id"]

    opened = ask.post(f"/api/reviews/{number}/open", {}, content_type="application/json")

    assert opened.status_code == 200, opened.content
    assert opened.json()["state"] == "open"
    assert ask.get("/api/reviews/standing").json()["held"] == 0
