"""A review on paper and by mail."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from joren.accounts import selectors as accounts
from joren.act.messages import services as messages
from joren.act.messages.contracts import Sender
from joren.core import clock
from joren.measure.reviews import selectors as found
from joren.measure.reviews import services as reviews
from joren.measure.reviews.contracts import ReviewPlan
from joren.measure.reviews.models import ReviewMail
from joren.measure.team import services as team
from joren.plumbing import pdf
from joren.plumbing.pdf import PdfUnavailable
from joren.project.pages.views import printing
from joren.project.pages.views.printing import NoStaffMail
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def an_open_review(refreshed_shop: Warehouse, alice_the_admin: Client) -> int:
    alice = int(accounts.member("alice@example.com").id)
    planned = reviews.plan(ReviewPlan(date(2026, 4, 1), alice, "利益が増えれば続ける"), by="alice")
    reviews.open_data(planned.id, by="alice")
    return planned.id


def test_a_review_is_a_pdf_that_fetches_nothing(
    an_open_review: int, alice_the_admin: Client
) -> None:
    answer = alice_the_admin.get(f"/reviews/{an_open_review}/report.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    with pytest.raises(ValueError, match="fetches nothing"):
        pdf._nothing("http://127.0.0.1/")


def test_without_a_japanese_font_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "fc-list"
    bare.write_text("#!/bin/sh\n")
    bare.chmod(0o755)
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: str(bare))

    with pytest.raises(PdfUnavailable) as refused:
        pdf.pdf_of("<p>日本語</p>")

    assert "fonts-noto-cjk" in refused.value.hint


def test_it_is_mailed_to_whom_it_names_each_alone(
    an_open_review: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "pdf_of", lambda page: b"%PDF " + page.encode())
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")

    with override_settings(EMAIL_BACKEND=LOCMEM):
        to = printing.mail_review(an_open_review, by="alice")

    assert to == ("alice@example.com",)
    [sent] = mail.outbox
    assert sent.to == ["alice@example.com"]
    [(name, content, kind)] = [tuple(one) for one in sent.attachments]
    assert (name, kind) == ("review-2026-04-01.pdf", "application/pdf")
    assert "利益が増えれば続ける" in bytes(content).decode()  # type: ignore[arg-type]


def test_whoever_decides_acts_and_is_named_twice_gets_one_mail(
    an_open_review: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "pdf_of", lambda page: b"%PDF " + page.encode())
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")
    alice = int(accounts.member("alice@example.com").id)
    reviews.add_action(
        an_open_review, what="続ける", owner=alice, due_on=date(2026, 5, 1), by="alice"
    )

    with override_settings(EMAIL_BACKEND=LOCMEM):
        printing.mail_review(an_open_review, by="alice")
        printing.mail_review(an_open_review, by="alice", members=[alice, alice])

    assert [one.to for one in mail.outbox] == [["alice@example.com"]] * 2


def test_without_a_server_or_a_stranger_nothing_leaves(an_open_review: int) -> None:
    with pytest.raises(NoStaffMail):
        printing.mail_review(an_open_review, by="alice")
    with pytest.raises(Exception, match="no member has the number 999"):
        printing.mail_review(an_open_review, by="alice", members=[999])


def test_a_viewer_may_read_it_and_not_mail_it(an_open_review: int, bob_the_viewer: Any) -> None:
    assert bob_the_viewer.post(f"/reviews/{an_open_review}/mail/").status_code == 403


def test_on_its_day_a_review_is_opened_and_mailed_once_to_whom_it_names(
    refreshed_shop: Warehouse, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "pdf_of", lambda page: b"%PDF " + page.encode())
    alice = int(accounts.member("alice@example.com").id)
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    planned = reviews.plan(ReviewPlan(today, alice, "利益が増えれば続ける"), by="alice")
    with override_settings(EMAIL_BACKEND=LOCMEM):
        assert printing.mail_todays() == 0  # nobody said whom mail is from
        messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")
        team.choose(alice, topics=["review_overdue"], by="alice")
        assert printing.mail_todays() == 0
        team.choose(alice, topics=["review_due"], language="en", by="alice")

        assert printing.mail_todays() == 1
        assert printing.mail_todays() == 0

    [left] = mail.outbox
    assert left.to == ["alice@example.com"]
    assert "attached" in left.body
    assert found.review(planned.id).state == "open"


def test_a_review_without_a_criterion_keeps_no_other_back(
    refreshed_shop: Warehouse, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = int(accounts.member("alice@example.com").id)
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    planned = reviews.plan(ReviewPlan(today, alice), by="alice")
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")
    monkeypatch.setattr(printing, "pdf_of", lambda page: b"%PDF " + page.encode())

    with override_settings(EMAIL_BACKEND=LOCMEM):
        assert printing.mail_todays() == 0
        reviews.replan(planned.id, ReviewPlan(today, alice, "利益"), by="alice")

        assert printing.mail_todays() == 1


def test_each_is_mailed_once_however_often_another_fails(
    refreshed_shop: Warehouse,
    alice_the_admin: Client,
    bob_the_viewer: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bob = (int(accounts.member(f"{one}@example.com").id) for one in ("alice", "bob"))
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    planned = reviews.plan(ReviewPlan(today, alice, "利益"), by="alice")
    reviews.open_data(planned.id, by="alice")
    reviews.add_action(planned.id, what="続ける", owner=bob, due_on=today, by="alice")
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")
    team.choose(bob, topics=["review_due"], language="en", by="bob")
    works = [False]

    def drawn(page: str) -> bytes:
        if "利益" in page and 'lang="ja"' in page and not works[0]:
            raise PdfUnavailable("no font", hint="fonts")
        return b"%PDF"

    monkeypatch.setattr(printing, "pdf_of", drawn)
    with override_settings(EMAIL_BACKEND=LOCMEM):
        assert printing.mail_todays() == 1
        assert printing.mail_todays() == 0  # who failed is not due again yet
        for _ in range(2):
            ReviewMail.objects.update(next_at=clock.now())
            works[0] = True
            printing.mail_waiting()

    assert [one.to for one in mail.outbox] == [["bob@example.com"], ["alice@example.com"]]


def test_what_a_killed_worker_claimed_leaves_later(
    refreshed_shop: Warehouse, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "pdf_of", lambda _page: b"%PDF")
    alice = int(accounts.member("alice@example.com").id)
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    planned = reviews.plan(ReviewPlan(today, alice, "利益"), by="alice")
    reviews.open_data(planned.id, by="alice")
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")
    assert reviews.put_mails(planned.id, members=[alice], on=today) == 1
    assert reviews.put_mails(planned.id, members=[alice], on=today) == 0

    assert reviews.claim_mail() is not None  # and is killed
    assert reviews.claim_mail() is None
    ReviewMail.objects.update(next_at=clock.now())
    with override_settings(EMAIL_BACKEND=LOCMEM):
        assert printing.mail_waiting() == 1
    ReviewMail.objects.update(next_at=clock.now(), attempts=12, state="waiting")
    assert reviews.claim_mail() is None
    assert ReviewMail.objects.get().state == "failed"


def test_one_review_that_cannot_be_opened_keeps_no_mail_back(
    refreshed_shop: Warehouse, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = int(accounts.member("alice@example.com").id)
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    planned = reviews.plan(ReviewPlan(today, alice, "利益"), by="alice")
    other = reviews.plan(ReviewPlan(date(2026, 4, 2), alice, "利益"), by="alice")
    reviews.open_data(other.id, by="alice")
    reviews.put_mails(other.id, members=[alice], on=today)
    messages.set_sender(Sender("珈琲店", "shop@example.com", "", "東京都"), by="alice")
    monkeypatch.setattr(printing, "pdf_of", lambda _page: b"%PDF")

    def fails(_number: int, *, by: str) -> None:
        raise RuntimeError(by)

    monkeypatch.setattr(reviews, "open_data", fails)
    with override_settings(EMAIL_BACKEND=LOCMEM), pytest.raises(RuntimeError):
        printing.mail_todays()

    assert [one.to for one in mail.outbox] == [["alice@example.com"]]
    assert found.review(planned.id).state == "preparing"
