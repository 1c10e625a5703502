"""The page Live data, and what a customer's page shows of what happened just now."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from joren.collect.customers import selectors as people
from joren.collect.inbox import models, selectors, services
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.collect.inbox.services import receiving
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


def send(key: str, *messages: dict[str, Any]) -> None:
    body = request_of(parsed(json.dumps({"batch": messages}).encode()), kind="batch")
    services.receive(body, keys=[key], now=time.time_ns() // 1000)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_page_says_how_to_begin(alice_the_admin: Client, bob_the_viewer: Client) -> None:
    page = text_of(alice_the_admin, "/data/live/")

    assert 'analytics.host = "http://testserver"' in page.replace("&quot;", '"')
    assert 'action="/data/live/sources/"' in page
    assert 'action="/data/live/sources/"' not in text_of(bob_the_viewer, "/data/live/")


def test_a_server_key_is_shown_once(alice_the_admin: Client) -> None:
    said = {"name": "shop", "kind": "server", "store": "own", "limit": "50"}
    alice_the_admin.post("/data/live/sources/", said)

    first, second = (text_of(alice_the_admin, "/data/live/") for _ in range(2))

    (source,) = selectors.sources()
    assert source.limit == 50
    assert first.count("jwk_") > second.count("jwk_") == 1


def test_a_source_that_is_revoked_is_so(alice_the_admin: Client) -> None:
    made, _ = services.add_source("pages", kind="browser", store="own")

    alice_the_admin.post(f"/data/live/sources/{made.id}/revoke/")

    assert selectors.source(made.id).revoked_at
    assert "Revoked" in text_of(alice_the_admin, "/data/live/")


def test_a_property_is_let_in_unless_it_is_personal(alice_the_admin: Client) -> None:
    for name in ("skin_type", "email"):
        alice_the_admin.post("/data/live/properties/", {"name": name})

    assert selectors.own_properties() == ("skin_type",)
    alice_the_admin.post("/data/live/properties/forbid/", {"name": "skin_type"})
    assert selectors.own_properties() == ()


def test_what_nobody_could_read_is_listed_and_dropped(alice_the_admin: Client) -> None:
    _, key = services.add_source("shop", kind="server", store="own")
    send(key, {"type": "track", "userId": "u"})
    services.drain(warehouse())

    assert "a track has no event" in text_of(alice_the_admin, "/data/live/")
    alice_the_admin.post("/data/live/unread/drop/")
    assert not models.UnreadMessage.objects.exists()


def test_a_customer_s_events_are_those_of_the_inbox_and_of_the_warehouse(
    bob_the_viewer: Client,
) -> None:
    _, key = services.add_source("shop", kind="server", store="own")
    track = {"type": "track", "userId": "u", "messageId": "1", "event": "Completed Order"}
    send(key, {**track, "properties": {"order_id": "1001", "revenue": 4500, "currency": "JPY"}})
    send(key, {"type": "track", "userId": "other", "messageId": "x", "event": "Cart Shared"})
    services.drain(warehouse())
    (person,) = [one for one in people.everybody(limit=9) if _is(one.id, "u")]
    send(key, {**track, "messageId": "2", "event": "Cart Viewed"}, {**track, "messageId": "1"})

    begun = time.monotonic()
    events = selectors.events_of(warehouse(), person.id)
    page = text_of(bob_the_viewer, f"/customers/{person.id}/timeline/")

    assert time.monotonic() - begun < 2
    assert [(one.name, one.waiting) for one in events] == [
        ("Cart Viewed", True),
        ("Order Completed", False),
    ]
    assert "Cart Viewed" in page
    assert "¥4,500" in page
    assert "1001" not in page
    assert "Cart Shared" not in page


def test_a_device_s_events_are_their_owner_s_before_they_are_written(home: Path) -> None:
    _, key = services.add_source("shop", kind="server", store="own")
    send(key, {"type": "identify", "userId": "u", "anonymousId": "a", "messageId": "1"})
    services.drain(warehouse())
    (person,) = people.everybody(limit=9)

    send(key, {"type": "page", "anonymousId": "a", "name": "Home", "messageId": "2"})

    assert selectors.events_of(warehouse(), person.id)[0].name == "Home"
    assert [one.type for one in selectors.newest_events(warehouse())] == ["page", "identify"]
    assert selectors.newest_events(warehouse())[1].customer == person.id


def _is(customer: Any, user: str) -> bool:
    return user in {one.value for one in people.identities_of(customer)}


def test_events_of_the_past_come_in_from_the_page_and_from_the_api(
    alice_the_admin: Client,
) -> None:
    row = {"event_name": "view_item", "event_timestamp": "1795316400000000", "user_id": "42"}
    other = {**row, "event_timestamp": "1795316401000000"}
    lines = f"{json.dumps(row)}\n{{broken\n".encode()
    said = {"files": SimpleUploadedFile("ga4.jsonl", lines), "store": "own", "format": "ga4"}

    alice_the_admin.post("/data/events/", said)
    (source,) = selectors.sources()
    answer = alice_the_admin.post(
        f"/api/sources/{source.id}/events",
        {"file": SimpleUploadedFile("more.jsonl", json.dumps(other).encode())},
    )
    services.drain(warehouse())

    assert answer.json() == {"events": 1, "unreadable": 0}
    assert "Product Viewed" in text_of(alice_the_admin, "/data/live/")
    assert selectors.traffic()[source.id].kept == 2
    assert "line 2: it is no JSON object" in text_of(alice_the_admin, "/data/live/")


def test_a_file_of_events_that_is_none_is_refused_in_words(alice_the_admin: Client) -> None:
    said = {"files": SimpleUploadedFile("x.csv", b"a,b\n1,2\n"), "store": "own", "format": "auto"}

    alice_the_admin.post("/data/events/", said)

    assert 'class="message error"' in text_of(alice_the_admin, "/data/live/")
