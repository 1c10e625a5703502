"""From a message's link over our own to the shop, counted once, and of nobody who refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import LINE, NoChannel, Sender, Tracking
from joren.act.messages.services.delivering import claiming, writing
from joren.act.messages.services.rendering import Scribe
from joren.core import clock
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.messages.cast import a_template, people
from tests.act.messages.test_gate import NOON, agree, asked, noon

__all__ = ["noon"]
pytestmark = pytest.mark.django_db
OURS = "https://joren.example"


@pytest.fixture
def mails(noon: None, settings: Settings) -> dict[int, str]:
    """What 1 and 2 get, by customer; 2 does not want to be followed."""
    settings.JOREN_URL = OURS
    people([1, 2])
    agree(1, 2)
    record(2, Said("web", "analytics", "withdrawn", "staff", at=NOON), by="tests")
    services.set_sender(Sender("店", "shop@shop.example"), by="tests")
    services.set_tracking(Tracking(("email",), ("email",)), by="tests")
    template = services.create(a_template(utm={"source": "joren"}), by="tests")
    errand = services.errand("campaign", 1, "", template.id)
    services.ask(errand, asked((1, 1, 0, None), (2, 1, 0, None)))
    rows = models.Send.objects.order_by("customer_id").values_list(*claiming.Row._fields)
    found = [claiming.Row(*row) for row in rows]
    batch = claiming.Batch(models.Errand.objects.get(), 1, found, NOON, "brand")
    with Scribe() as scribe:
        return {
            row.customer_id: str(job.message and job.message.html)
            for row, job in writing.written(batch, scribe)
        }


def _link(mail: str, what: str) -> str:
    found = re.search(rf'{what}="{OURS}(/heard/[co]/[^"]+)"', mail)
    assert found is not None
    return found[1]


def _own(mail: str) -> str:
    """The link of the button, which follows the hidden one."""
    return re.findall(rf'href="{OURS}(/heard/c/[^"]+)"', mail)[1]


def test_a_link_leads_where_it_led_with_its_tags_and_is_counted(
    mails: dict[int, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = models.Send.objects.get(customer_id=1)
    models.Send.objects.filter(pk=send.pk).update(state="sent", sent_at=NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=5))

    head = client.head(_own(mails[1]))
    there = client.get(_own(mails[1]), headers={"user-agent": "Mozilla/5.0"})
    again = client.get(_own(mails[1]), headers={"user-agent": "Mozilla/5.0"})
    picture = client.get(_link(mails[1], "src"))
    services.read_heard()

    assert (head.status_code, there.status_code, again.status_code) == (302, 302, 302)
    assert there["Location"] == "https://shop.example/new?a=1&utm_source=joren"
    assert not there.cookies
    assert picture["Content-Type"] == "image/gif"
    rates = selectors.rates(28)
    assert (rates.clicked, rates.scanned, rates.opened) == (1, 0, 1)
    assert models.Feedback.objects.filter(kind="clicked", state="done").count() == 1


def test_whoever_opens_the_hidden_link_is_a_scanner_and_unsubscribes_nobody(
    mails: dict[int, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.Send.objects.filter(customer_id=1).update(state="sent", sent_at=NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=5))

    for address in re.findall(r'href="(https://joren[^"]+)"', mails[1]):
        client.get(address.removeprefix(OURS))
    services.read_heard()

    rates = selectors.rates(28)
    assert (rates.clicked, rates.scanned) == (0, 1)
    assert (
        selectors.standing_now([1], channel="email", transactional=False, now=NOON)[1]
        == (selectors.standing_now([1], channel="email", transactional=False, now=NOON)[1])
    )
    assert not selectors.standing_now([1], channel="email", transactional=False, now=clock.now())[
        1
    ].why_not


def test_a_link_to_a_japanese_address_leads_there(
    mails: dict[int, str], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.TrackedLink.objects.exclude(address="").update(address="https://shop.example/商品/1")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=5))

    there = client.get(_own(mails[1]), headers={"user-agent": "Mozilla/5.0"})

    assert there["Location"] == "https://shop.example/%E5%95%86%E5%93%81/1"


def test_whoever_refused_to_be_followed_is_not(mails: dict[int, str]) -> None:
    assert "/heard/" in mails[1]
    assert "/heard/" not in mails[2]
    assert "https://shop.example/new?a=1&amp;utm_source=joren" in mails[2]


def test_a_forged_link_leads_nowhere(mails: dict[int, str], client: Client) -> None:
    forged = re.sub("/c/[0-9a-z]+-", "/c/zz-", _own(mails[1]))

    assert client.get(forged).status_code == 404
    assert client.get("/heard/c/https:evil.example/").status_code == 404


def test_the_switch_is_of_channels_that_there_are(alice_the_admin: Client) -> None:
    with pytest.raises(NoChannel):
        services.set_tracking(Tracking(("pigeon",), ()), by="tests")
    alice_the_admin.post("/messages/policy/tracking/", {"clicks": ["line"]})
    told = alice_the_admin.get("/api/messages/tracking").json()

    assert (told, selectors.tracking()) == (
        {"clicks": ["line"], "opens": []}, Tracking(("line",), ()),
    )  # fmt: skip


def test_a_word_that_nobody_can_open_stops_no_other() -> None:
    for key in ("a", "b"):
        models.Feedback.objects.create(
            provider=LINE, key=key, kind="follow", number="sealed elsewhere", at=NOON,
            received_at=NOON,
        )  # fmt: skip

    assert services.read_heard() == 2
    assert set(models.Feedback.objects.values_list("state", "number")) == {("unreadable", "")}
