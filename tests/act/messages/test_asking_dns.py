"""DNS is asked for the sender's records, within its time, and not before mails leave."""

from __future__ import annotations

import dns.exception
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import NoLookUp, Sender
from joren.act.messages.rules.mailboxes import mailbox_of
from joren.act.messages.services import asking_dns
from joren.core import clock
from tests.act.messages.delivering.ledger import an_errand

pytestmark = pytest.mark.django_db
TEXTS = {
    "shop.example": ["google-site-verification=1", "v=spf1 include:_spf.shop.example ~all"],
    "_dmarc.shop.example": ["v=DMARC1; p=none; rua=mailto:d@shop.example"],
    "s1._domainkey.shop.example": ["v=DKIM1; k=rsa; p=AAAA"],
}


def _ask(name: str) -> list[str]:
    if name.startswith("slow."):
        raise dns.exception.Timeout
    return TEXTS.get(name, [])


@pytest.fixture
def live(home: object, settings: Settings) -> None:
    settings.JOREN_SMTP = True
    services.set_sender(Sender("店", "hello@shop.example"), by="tests")


def test_the_records_of_the_sender_are_found_among_others(live: None) -> None:
    found = services.look_up_records(selector="s1", ask=_ask)

    assert (found.domain, found.trouble) == ("shop.example", {})
    assert found.spf.startswith("v=spf1")
    assert found.dkim == "v=DKIM1; k=rsa; p=AAAA"
    assert found.dmarc.startswith("v=DMARC1")
    assert services.look_up_records(ask=_ask).dkim == ""


def test_what_does_not_answer_in_time_says_so_and_the_rest_is_there(live: None) -> None:
    found = services.look_up_records(selector="slow", ask=_ask)

    assert found.trouble == {"dkim": "Timeout"}
    assert found.spf


def test_nothing_is_asked_while_messages_stay_in_the_house(home: object) -> None:
    services.set_sender(Sender("店", "hello@shop.example"), by="tests")

    with pytest.raises(NoLookUp):
        services.look_up_records(ask=lambda _name: pytest.fail("DNS was asked"))


def test_the_page_fills_in_what_dns_says(
    live: None, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_dns, "_ask", _ask)

    page = alice_the_admin.post("/messages/arriving/", {"do": "ask", "selector": "s1"})

    assert "v=spf1 include:_spf.shop.example ~all" in page.content.decode()


def test_complaints_are_told_apart_by_mailboxes(home: object) -> None:
    now, errand = clock.now(), an_errand()
    for number, mailbox in enumerate(["gmail.com"] * 6 + ["other"] * 3 + [""], 1):
        models.Send.objects.create(
            errand_id=errand.pk, customer_id=number, occurrence=1, state="sent", asked_at=now,
            sent_at=now, mailbox=mailbox,
        )  # fmt: skip
    first = models.Send.objects.order_by("pk").first()
    assert first is not None
    models.Feedback.objects.create(
        provider="tests", key="1", kind="complained", number="1", send_id=first.pk, at=now,
        received_at=now, state="done",
    )  # fmt: skip

    gmail, others = selectors.mailbox_shares()

    assert (gmail.mailbox, gmail.sent, gmail.complaints) == ("gmail.com", 6, 1)
    assert (others.mailbox, others.sent, others.complaints) == ("other", 3, 0)
    assert gmail.high is not None
    assert gmail.high > 1 / 6


@pytest.mark.parametrize(
    ("address", "name"),
    [("A@Gmail.com", "gmail.com"), ("b@ezweb.ne.jp", "au"), ("c@tanaka.example", "other")],
)
def test_only_large_mailboxes_have_a_name(address: str, name: str) -> None:
    assert mailbox_of(address) == name
