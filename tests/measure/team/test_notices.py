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
from joren.core import clock
from joren.decide.holdouts import services as holdouts
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.measure.experiments import models as experiments
from joren.measure.reviews import models as reviews
from joren.measure.team import models, selectors, services
from joren.plumbing import outbox
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
