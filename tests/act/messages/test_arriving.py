"""Do mails arrive? Complaints week by week, records, and what is lifted by hand."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import BadRelease, NoSuchSuppression
from joren.protect.audit import selectors as audit
from tests.act.messages.cast import people
from tests.act.messages.test_gate import NOON, agree, an_errand, asked, noon

__all__ = ["noon"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(noon: None) -> dict[str, int]:
    """Four mails left; one bounced and one was reported, each told twice."""
    people([1, 2, 3, 4])
    agree(1, 2, 3, 4)
    services.ask(an_errand(), asked(*((who, 1, 0, None) for who in (1, 2, 3, 4))))
    models.Send.objects.update(state="sent", sent_at=NOON)
    for number, kind, reason in ((1, "bounced", "bounced"), (2, "complained", "spam")):
        send = models.Send.objects.get(customer_id=number).pk
        for key in ("a", "b"):
            models.Feedback.objects.create(
                provider="esp", key=f"{number}{key}", kind=kind, reason=reason, number="",
                at=NOON, received_at=NOON, state="done", send_id=send,
            )  # fmt: skip
    return {
        reason: models.Suppression.objects.create(
            customer_id=number, channel="email", reason=reason, since=NOON
        ).pk
        for number, reason in ((1, "hard_bounce"), (2, "complaint"))
    }


def test_each_message_counts_once_in_its_week(stopped: dict[str, int]) -> None:
    newest, *older = selectors.weeks_of_mail(3)

    assert (newest.since, newest.sent) == (date(2026, 11, 23), 4)
    assert (newest.hard_bounces, newest.complaints, newest.complained) == (1, 1, 0.25)
    assert newest.low is not None
    assert newest.high is not None
    assert newest.low < 0.25 < newest.high
    assert [one.sent for one in older] == [0, 0]


def test_a_bounce_is_lifted_for_a_reason_and_a_complaint_by_nobody(stopped: dict[str, int]) -> None:
    with pytest.raises(BadRelease):
        services.release(stopped["complaint"], why="asked by telephone", by="tests")
    with pytest.raises(BadRelease):
        services.release(stopped["hard_bounce"], why=" ", by="tests")

    services.release(stopped["hard_bounce"], why="the mailbox works again", by="tests")

    assert [one.customer for one in selectors.suppressed().items] == [2]
    (entry,) = audit.entries(action="messages.suppression_lifted").items
    assert entry.detail["why"] == "the mailbox works again"
    with pytest.raises(NoSuchSuppression):
        services.release(stopped["hard_bounce"], why="again", by="tests")


def test_the_page_shows_weeks_records_and_whom_an_address_belongs_to(
    alice_the_admin: Client, stopped: dict[str, int]
) -> None:
    japanese = {"accept-language": "ja"}

    page = alice_the_admin.get("/messages/arriving/", headers=japanese).content.decode()
    looked = alice_the_admin.post(
        "/messages/arriving/", {"spf": "v=spf1 +all"}, headers=japanese
    ).content.decode()
    found = alice_the_admin.post(
        "/messages/arriving/", {"email": "c2@shop.example"}
    ).content.decode()
    lifted = alice_the_admin.post(
        f"/messages/arriving/{stopped['hard_bounce']}/release/", {"why": "works again"}
    )

    assert "25.00%" in page
    assert "Gmailに拒否される水準" in page
    assert "誰でもこのドメインを名乗って送れます" in looked
    assert ">#2<" in found
    assert ">#1<" not in found
    assert lifted.status_code == 302
    assert models.Suppression.objects.count() == 1


def test_programs_ask_and_lift(alice_the_admin: Client, stopped: dict[str, int]) -> None:
    ask = {"content_type": "application/json"}
    number = stopped["hard_bounce"]

    weeks = alice_the_admin.get("/api/messages/weeks?weeks=1").json()["items"]
    rows = alice_the_admin.get("/api/messages/suppressions?customer=1").json()["items"]
    told = alice_the_admin.post("/api/messages/records", {"dmarc": "v=DMARC1; p=none"}, **ask)
    lifted = alice_the_admin.post(
        f"/api/messages/suppressions/{number}/release", {"why": "works again"}, **ask
    )

    assert (len(weeks), weeks[0]["sent"]) == (1, 4)
    assert [one["id"] for one in rows] == [number]
    assert any("p=none" in one["words"] for one in told.json()["items"])
    assert lifted.status_code == 204
