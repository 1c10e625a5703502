"""What works without third-party cookies: counted from what was sent, and said in words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from joren.collect.customers import selectors as people
from joren.collect.inbox import services
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.collect.inbox.services import receiving
from joren.plumbing.warehouse import warehouse
from joren.project.first_party import first_party
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


def send(key: str, *messages: dict[str, Any]) -> None:
    said = [{"type": "track", "event": "Cart Viewed", **one} for one in messages]
    body = request_of(parsed(json.dumps({"batch": said}).encode()), kind="batch")
    services.receive(body, keys=[key], now=time.time_ns() // 1000)


def test_an_event_is_linked_by_a_name_or_by_a_device_that_one_customer_uses() -> None:
    _, server = services.add_source("server", kind="server", store="own")
    _, browser = services.add_source("pages", kind="browser", store="own")
    send(server, {"userId": "u1"}, {"userId": "u2"})
    send(
        browser,
        {"anonymousId": "a1"},  # before the sign-in
        {"anonymousId": "a1", "userId": "u1"},
        {"anonymousId": "a2"},  # of nobody
        {"anonymousId": "a3", "userId": "u1"},
        {"anonymousId": "a3", "userId": "u2"},
        {"anonymousId": "a3"},  # of two people, and so of nobody
    )
    services.drain(warehouse())

    found = first_party(warehouse())

    pages, of_server = found.events
    assert (pages.name, pages.n, pages.devices, pages.named, pages.linked) == ("pages", 6, 6, 3, 4)
    assert (of_server.name, of_server.n, of_server.devices, of_server.linked) == ("server", 2, 0, 2)
    assert (pages.customers, found.events_linked, found.event_count) == (2, 6, 8)


def test_orders_are_linked_by_store_up_to_the_newest(refreshed_shop: Warehouse) -> None:
    found = first_party(refreshed_shop)

    assert found.order_count > 0
    for store in found.orders:
        assert 0 <= store.linked <= store.n
        assert (store.last - store.first).days < 366


def test_everybodys_identities_are_read_once_until_facts_come_in(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = first_party(refreshed_shop)
    monkeypatch.setattr(people, "person_of", lambda _: pytest.fail("they were read again"))

    assert first_party(refreshed_shop) == first


def test_an_empty_shop_is_told_how_to_begin(
    alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    for who in (alice_the_admin, bob_the_viewer):
        page = who.get("/data/first-party/", headers={"Accept-Language": "en"}).content.decode()

        assert "Put joren.js into your pages" in page
        assert "no data yet" in page


def test_the_page_and_the_api_say_the_same(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    page = alice_the_admin.get("/data/first-party/", headers={"Accept-Language": "en"})
    said = alice_the_admin.get("/api/first-party").json()

    linked, n = (sum(one[name] for one in said["orders"]) for name in ("linked", "n"))
    assert f"{linked:,} of {n:,}" in page.content.decode()
