"""What was sent lies sealed until it is in the warehouse, and a row of before is read too."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings as configured
from django.test import Client

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import WrongKey
from joren.collect.customers.services import rotate_keys
from joren.collect.inbox import models, selectors, services
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.collect.inbox.services import receiving
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = {
    "type": "identify",
    "messageId": "m1",
    "userId": "u1",
    "traits": {"email": "taro@example.com", "name": "山田 太郎"},
}
BAD = {"type": "what", "messageId": "m2", "userId": "u1", "traits": {"email": "taro@example.com"}}
SECRETS = ("taro@", "山田", "u1")
OTHER_KEY = "k9:" + "A" * 43 + "="


@pytest.fixture(autouse=True)
def key(home: Path) -> Iterator[str]:
    receiving.KEYS.forget()
    yield services.add_source("server", kind="server", store="own")[1]
    receiving.KEYS.forget()


def send(key: str, *messages: dict[str, Any]) -> None:
    body = json.dumps({"batch": messages}, ensure_ascii=False).encode()
    services.receive(request_of(parsed(body), kind="batch"), keys=[key], now=time.time_ns() // 1000)


def kept() -> str:
    """All bytes of the inbox that are not yet in the warehouse."""
    bodies = [bytes(one) for one in models.Batch.objects.values_list("body", flat=True)]
    bodies += [bytes(one) for one in models.UnreadMessage.objects.values_list("message", flat=True)]
    return "".join(one.decode("utf-8", "replace") for one in bodies)


def laid_open() -> None:
    """As an older version left them."""
    source = selectors.sources()[0].id
    now = time.time_ns() // 1000
    models.Batch.objects.create(
        key_id=source, received_at=now, messages=1, body=orjson.dumps([GOOD])
    )
    models.UnreadMessage.objects.create(
        key_id=source, received_at=now, reason="why", message=orjson.dumps(BAD)
    )


def test_nothing_that_was_sent_can_be_read_in_the_database(key: str) -> None:
    send(key, GOOD, BAD)
    waiting = kept()
    services.drain(warehouse())

    assert models.UnreadMessage.objects.count() == 1
    assert not any(secret in text for secret in SECRETS for text in (waiting, kept()))


def test_a_seal_opens_in_its_own_row_alone(key: str) -> None:
    for messages in ([GOOD], [BAD]):
        send(key, *messages)
    first, second = models.Batch.objects.order_by("pk")
    models.Batch.objects.filter(pk=first.pk).update(body=second.body)

    with pytest.raises(WrongKey):
        services.drain(warehouse())
    assert models.Batch.objects.count() == 2


def test_rows_of_before_are_written_and_what_stays_is_sealed_by_the_sweep(key: str) -> None:
    laid_open()

    services.sweep()

    assert "taro@" in kept()  # what waits is in the warehouse in a moment
    services.drain(warehouse())
    assert not any(secret in kept() for secret in SECRETS)
    assert people.contacts_of(_everybody())["email"].to_pylist() == ["taro@example.com"]
    services.retry_unread(actor="alice")
    done = services.drain(warehouse())
    assert done is not None
    assert done.unreadable == 1


def test_another_key_seals_anew_what_nobody_could_read(
    key: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(key, BAD)
    services.drain(warehouse())
    send(key, GOOD)
    before = kept()
    file = home / "personal-keys"
    file.write_text(f"{configured.JOREN_PERSONAL_KEYS}\n")
    monkeypatch.setattr(configured, "JOREN_PERSONAL_KEYS", "")

    rotate_keys(by="alice")
    file.write_text(f"{file.read_text().splitlines()[0]}\n")  # the old one may go

    assert kept() != before
    assert services.retry_unread(actor="alice") == 1
    done = services.drain(warehouse())
    assert done is not None
    assert (done.events, done.unreadable) == (1, 1)


def test_under_another_key_nothing_is_acknowledged_and_nothing_is_lost(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(key, GOOD)
    monkeypatch.setattr(configured, "JOREN_PERSONAL_KEYS", OTHER_KEY)

    answer = Client().post(
        "/v1/batch", {"batch": [GOOD], "writeKey": key}, content_type="application/json"
    )

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    with pytest.raises(WrongKey):
        services.drain(warehouse())
    assert models.Batch.objects.count() == 1


def test_a_customer_page_finds_what_waits(key: str) -> None:
    send(key, GOOD)
    services.drain(warehouse())
    (customer,) = _everybody()

    send(key, {**GOOD, "type": "track", "event": "Seen", "messageId": "m3"})
    send(key, {**GOOD, "type": "track", "event": "Else", "messageId": "m4", "userId": "u2",
               "traits": {}})  # fmt: skip

    told = selectors.events_of(warehouse(), customer)
    assert [one.name for one in told if one.waiting] == ["Seen"]


def _everybody() -> list[CustomerId]:
    return [CustomerId(one) for one in {*people.person_of(warehouse())["customer_id"].to_pylist()}]
