"""What is late or changed is told once, to whom it concerns."""

from __future__ import annotations

import smtplib
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django.fixtures import Settings

from joren.accounts import selectors as accounts
from joren.act.deliveries.services.chatting import words_of
from joren.act.messages import services as messages
from joren.act.messages.contracts import Sender
from joren.act.pressure import models as pressure
from joren.act.pressure import selectors as alarms
from joren.collect.connectors import models as imports
from joren.core import clock
from joren.decide.holdouts import services as holdouts
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.measure.experiments import models as experiments
from joren.measure.reviews import models as reviews
from joren.measure.team import models, selectors, services
from joren.measure.trials import models as trials
from joren.measure.trials import selectors as tried
from joren.plumbing import outbox
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def alice(alice_the_admin: Client) -> int:
    return int(accounts.member("alice@example.com").id)


@pytest.fixture
def bob(bob_the_viewer: Client) -> int:
    return int(accounts.member("bob@example.com").id)


@pytest.fixture
def mail_leaves(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")


def a_late_action(owner: int | None, days: int = 3) -> reviews.Action:
    held = clock.now().date() - timedelta(days=10)
    cycle, _ = reviews.Cycle.objects.get_or_create(
        held_on=held,
        defaults={
            "state": "closed", "decider_id": 1, "criterion": "x", "criterion_at": clock.now(),
            "opened_at": clock.now(), "agenda": [],
        },
    )  # fmt: skip
    return reviews.Action.objects.create(
        cycle=cycle, what="秋の原稿", owner_id=owner, due_on=clock.now().date() - timedelta(days)
    )


def test_a_late_action_is_told_once_to_its_owner(mail_leaves: None, alice: int, bob: int) -> None:
    a_late_action(bob)

    first, sent = services.look(), services.mail_due()
    again, rest = services.look(), services.mail_due()

    assert (first, sent, again, rest) == (1, 1, 0, 0)
    [left] = mail.outbox
    assert left.to == ["bob@example.com"]
    assert "秋の原稿" in str(left.body)
    assert "アクションの期限切れ" in left.subject
    [notice] = selectors.notices()
    assert (notice.topic, notice.mailed, notice.waiting) == ("action_overdue", 1, 0)


def test_what_nobody_owns_is_told_to_whoever_may_act(
    mail_leaves: None, alice: int, bob: int
) -> None:
    a_late_action(None)

    services.look()
    services.mail_due()

    assert [one.to for one in mail.outbox] == [["alice@example.com"]]


def test_who_switched_it_off_is_not_told(mail_leaves: None, alice: int) -> None:
    services.choose(alice, topics=["guard_stopped"], language="en", by="alice")
    a_late_action(alice)

    assert (services.look(), services.mail_due()) == (1, 0)
    assert selectors.choice(alice).topics == ("guard_stopped",)


def test_in_the_language_that_was_chosen(mail_leaves: None, alice: int) -> None:
    services.choose(alice, topics=["action_overdue"], language="en", by="alice")
    a_late_action(alice)

    services.look()
    services.mail_due()

    assert mail.outbox[0].subject == "[joren] An action is overdue"


def test_without_a_mail_server_it_stands_on_the_page_and_mails_nobody(alice: int) -> None:
    a_late_action(alice)

    assert (services.look(), services.mail_due()) == (1, 0)
    assert models.NoticeMail.objects.count() == 0
    assert len(selectors.notices()) == 1


def test_a_mail_that_fails_is_tried_again_and_given_up_at_last(
    mail_leaves: None, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: EmailMessage) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailMessage, "send", refuse)
    a_late_action(alice)
    services.look()

    for _ in range(20):
        services.mail_due()
        models.NoticeMail.objects.update(next_at=clock.now())

    row = models.NoticeMail.objects.get()
    assert (row.state, row.attempts) == ("failed", 8)


def test_a_review_is_overdue_after_its_month(mail_leaves: None, alice: int) -> None:
    reviews.Cycle.objects.create(
        held_on=clock.now().date() - timedelta(days=40), state="closed", decider_id=alice,
        criterion="x", criterion_at=clock.now(), opened_at=clock.now(), agenda=[],
    )  # fmt: skip

    assert services.look() == 1
    assert services.look() == 0
    [notice] = selectors.notices()
    assert notice.topic == "review_overdue"


def test_what_the_guard_stopped_is_announced_to_programs(alice: int) -> None:
    heard: list[tuple[str, dict[str, Any]]] = []

    def hear(name: str, content: dict[str, Any]) -> None:
        heard.append((name, content))

    outbox.listen("team.", hear)
    pressure.Alarm.objects.create(
        source="campaign", source_id=7, measure="complaints", bad=5, of=900, low=0.002, limit=0.001,
        stopped=True, raised_at=clock.now(),
    )  # fmt: skip

    services.look()
    outbox._listeners["team."].remove(hear)

    [(name, content)] = heard
    assert name == "team.guard_stopped"
    assert (content["subject"], content["number"], content["bad"]) == ("campaign", "7", "5")
    assert "900件中5件" in words_of(name, content, "ja")
    assert "(5 of 900)" in words_of(name, content, "en")


def test_evidence_is_news_when_it_changes_and_not_at_first_sight(
    refreshed_shop: Warehouse, mail_leaves: None, alice: int, bob: int
) -> None:
    kept = segments.create("repeat", Is("orders", "at_least", (2,)), by="alice")
    number = holdouts.divide(kept.id, name="春", share=0.2, by="alice").id
    services.share_out("holdout", str(number), {"owner": [bob]}, by="alice")
    row = experiments.Reading.objects.create(
        holdout_id=number, snapshot_id=1, as_of=date(2026, 11, 1), footing="", document={},
        evidence="not_proven", metric="profit",
    )  # fmt: skip

    at_first = services.look()
    experiments.Reading.objects.filter(pk=row.pk).update(evidence="proven_more", snapshot_id=2)
    changed, again = services.look(), services.look()
    services.mail_due()

    assert (at_first, changed, again) == (0, 1, 0)
    [left] = mail.outbox
    assert left.to == ["bob@example.com"]
    assert "「春」" in str(left.body)
    assert "増加を確認" in str(left.body)


def test_what_is_due_today_is_told_once_to_whom_it_names(
    mail_leaves: None, alice: int, bob: int
) -> None:
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    action = a_late_action(bob, days=0)
    reviews.Action.objects.filter(pk=action.pk).update(due_on=today)
    reviews.Cycle.objects.create(held_on=today, decider_id=alice)

    services.look()
    services.look()
    services.mail_due()

    topics = {one.topic for one in selectors.notices()}
    assert topics == {"review_due", "action_due"}
    assert sorted(str(one.to[0]) for one in mail.outbox) == ["alice@example.com", "bob@example.com"]


def test_an_alarm_is_told_as_it_is_raised_and_again_where_it_holds_back(alice: int) -> None:
    row = pressure.Alarm.objects.create(
        source="", source_id=0, measure="complaints", bad=5, of=900, low=0.002, limit=0.001,
        stopped=False, raised_at=clock.now(),
    )  # fmt: skip
    services.look()
    pressure.Alarm.objects.filter(pk=row.pk).update(stopped=True)

    services.look()

    found = selectors.notices()
    assert [one.topic for one in found] == ["guard_stopped", "guard_alarm"]
    heading, sentence, address = selectors.wording_of(found[1], "ja")
    assert "上限を超えました" in heading
    assert "ショップ全体の配信" in sentence
    assert address.endswith("/messages/guard/")


def test_a_file_that_did_not_come_in_is_told_by_number_and_not_by_name(
    mail_leaves: None, alice: int, bob: int
) -> None:
    made = imports.Import.objects.create(
        kind="orders", file_name="田中様.csv", sha256="a", settings="b", status="failed",
        started_at=clock.now(), finished_at=clock.now(), actor="alice",
    )  # fmt: skip
    old = clock.now() - timedelta(days=8)
    imports.Import.objects.create(
        kind="orders", file_name="old.csv", sha256="c", settings="b", status="refused",
        started_at=old, finished_at=old, actor="alice",
    )  # fmt: skip

    services.look()
    services.look()
    services.mail_due()

    [notice] = selectors.notices()
    assert (notice.topic, notice.key) == ("import_failed", str(made.pk))
    [left] = mail.outbox  # bob may not import
    assert left.to == ["alice@example.com"]
    assert "田中" not in str(left.body)
    assert f"/data/imports/{made.pk}/" in str(left.body)


def test_what_cannot_be_looked_at_keeps_nothing_else_back(
    mail_leaves: None, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports.Import.objects.create(
        kind="orders", file_name="a.csv", sha256="a", settings="b", status="failed",
        started_at=clock.now(), finished_at=clock.now(), actor="alice",
    )  # fmt: skip

    def refuses() -> list[Any]:
        raise KeyError("an alarm of nobody")

    monkeypatch.setattr(alarms, "open_alarms", refuses)
    services.look()

    assert [one.topic for one in selectors.notices()] == ["import_failed"]


def test_a_trial_whose_days_are_over_is_told_once(
    refreshed_shop: Warehouse, mail_leaves: None, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_of = values.snapshot().as_of
    for practice, back in (("packaging", 20), ("thank_you", 90)):
        last = as_of - timedelta(days=back)
        trials.Trial.objects.create(
            practice=practice, unit="week", first=last - timedelta(days=83), last=last,
            horizon_days=1, period_days=7, washout_days=1, salt="salt", drawn_at=clock.now(),
            drawn_by="alice",
        )  # fmt: skip

    services.look()
    monkeypatch.setattr(tried, "results", lambda _snapshot: pytest.fail("read again"))
    services.look()

    [notice] = [one for one in selectors.notices() if one.topic == "verdict_reached"]
    assert notice.subject == "trial"
    assert "素敵なパッケージング" in selectors.wording_of(notice, "ja")[1]
    assert "Beautiful packaging" in selectors.wording_of(notice, "en")[1]
