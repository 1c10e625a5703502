"""The page of webhooks that go out, and what Home says of those that do not."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.act.deliveries import models, selectors, services
from joren.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
URL = "https://erp.example/hook"


def text_of(client: Client, address: str = "/data/outgoing/") -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_program_is_added_and_its_secret_shown_once(alice_the_admin: Client) -> None:
    said = {"name": "erp", "url": URL, "announcements": ["figures.refreshed"]}
    alice_the_admin.post("/data/outgoing/add/", said)

    first, second = text_of(alice_the_admin), text_of(alice_the_admin)

    assert "whsec_" in first
    assert "whsec_" not in second
    assert selectors.endpoints()[0].announcements == ("figures.refreshed",)


def test_an_address_is_nobodys_business_who_may_only_look(bob_the_viewer: Client) -> None:
    services.add_endpoint("erp", url=URL, announcements=["figures.refreshed"])

    assert URL not in text_of(bob_the_viewer)
    assert "Add a program" not in text_of(bob_the_viewer)


@pytest.mark.parametrize("url", ["http://erp.example/", "https://a:b@c.example/", "gopher://x/"])
def test_an_address_that_may_not_be_told_is_refused_in_words(
    alice_the_admin: Client, url: str
) -> None:
    said = {"name": "erp", "url": url, "announcements": ["figures.refreshed"]}
    alice_the_admin.post("/data/outgoing/add/", said)

    assert 'class="message error"' in text_of(alice_the_admin)
    assert not selectors.endpoints()


def test_each_thing_that_can_be_done_to_a_program(alice_the_admin: Client) -> None:
    one, _ = services.add_endpoint("erp", url=URL, announcements=["figures.refreshed"])

    def do(what: str) -> None:
        alice_the_admin.post(f"/data/outgoing/{one.id}/", {"do": what})

    do("ping")
    (sent,) = selectors.deliveries().items
    assert "joren.ping" in text_of(alice_the_admin)
    do("rotate")
    assert selectors.endpoint(one.id).old_until
    do("disable")
    assert selectors.endpoint(one.id).disabled_at
    do("enable")
    assert not selectors.endpoint(one.id).disabled_at
    models.Delivery.objects.update(state="failed")
    alice_the_admin.post(f"/data/outgoing/sent/{sent.id}/again/")
    assert selectors.delivery(sent.id).state == "waiting"
    do("remove")
    assert not selectors.endpoints()


def test_home_says_when_a_program_was_given_up(
    alice_the_admin: Client, refreshed_shop: object
) -> None:
    services.add_endpoint("erp <1>", url=URL, announcements=["figures.refreshed"])
    assert "is told nothing more" not in text_of(alice_the_admin, "/")

    models.Receiver.objects.update(disabled_at=clock.now(), disabled_because="it has failed")

    assert "erp &lt;1&gt; is told nothing more" in text_of(alice_the_admin, "/")
