"""A request is read by what it holds, within its bounds."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from joren.collect.inbox.contracts import LARGEST_BODY, LARGEST_MESSAGE, NotReceived, TooLarge
from joren.collect.inbox.rules.reading import Request, keys_of, messages_in, parsed, request_of

EVENT = {"type": "track", "event": "Product Viewed", "messageId": "m1", "anonymousId": "a"}


def read(body: bytes, kind: str = "batch") -> Request:
    return request_of(parsed(body), kind=kind)


def batch(*messages: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"batch": messages, "sentAt": "2026-11-22T03:00:01Z", **more}).encode()


def test_a_batch_is_kept_as_its_messages() -> None:
    request = read(batch(EVENT, EVENT))

    assert orjson.loads(request.messages) == [EVENT, EVENT]
    assert (request.count, request.sent_at) == (2, "2026-11-22T03:00:01Z")


def test_gzip_is_known_by_its_bytes() -> None:
    assert read(gzip.compress(batch(EVENT))) == read(batch(EVENT))


def test_gzip_in_several_parts_is_one_body() -> None:
    body = batch(EVENT)

    assert read(gzip.compress(body[:20]) + gzip.compress(body[20:])) == read(body)


def test_a_single_message_has_the_type_of_its_endpoint() -> None:
    request = read(json.dumps({"event": "x", "userId": "u", "type": "page"}).encode(), "track")

    assert orjson.loads(request.messages) == [{"event": "x", "userId": "u", "type": "track"}]


def test_a_context_of_the_batch_is_that_of_messages_without_one() -> None:
    own = {**EVENT, "context": {"locale": "ja"}}

    request = read(batch(EVENT, own, context={"locale": "en"}))

    locales = [one["context"]["locale"] for one in orjson.loads(request.messages)]
    assert locales == ["en", "ja"]


def test_a_character_that_postgresql_cannot_keep_is_in_no_message() -> None:
    said = {**EVENT, "properties": {"sku": "a\0b", "products": [{"na\0me": "\0"}]}}
    spelled_out = {**EVENT, "event": r"a\u0000b"}

    first, second = messages_in(read(batch(said, spelled_out)).messages)
    assert first["properties"] == {"sku": "ab", "products": [{"name": ""}]}
    assert second["event"] == r"a\u0000b"


def test_a_context_that_grows_with_each_message_is_refused_before_it_is_written() -> None:
    context = {"more": "x" * 30_000}

    with pytest.raises(TooLarge, match="with context"):
        read(gzip.compress(batch(*[{}] * 10_000, context=context)))


def test_keys_are_found_wherever_an_sdk_puts_them() -> None:
    basic = "Basic " + base64.b64encode(b"one:").decode()

    assert keys_of(basic, {}) == ("one",)
    assert keys_of(basic, {"writeKey": "two"}) == ("one", "two")
    assert keys_of("Bearer token", {"writeKey": "two"}) == ("token", "two")
    assert keys_of("", {"batch": [{"writeKey": "three"}]}) == ("three",)
    assert keys_of("Basic ***", {}) == ()


def test_no_key_is_kept_with_the_messages() -> None:
    request = read(batch({**EVENT, "writeKey": "secret"}, writeKey="secret"))

    assert b"secret" not in request.messages


def test_what_python_writes_and_json_does_not_know_is_read() -> None:
    body = json.dumps({"batch": [{**EVENT, "properties": {"a": float("nan"), "b": "\ud83d"}}]})

    (message,) = orjson.loads(read(body.encode()).messages)

    assert message["properties"] == {"a": None, "b": "?"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"batch": 1}',
        b'{"batch": ["text"]}',
        b"\x1f\x8bdamaged",
        gzip.compress(batch(EVENT))[:-9],
        b"[" * 100_000,
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(NotReceived):
        read(body)


def test_a_large_body_is_refused_however_small_it_is_packed() -> None:
    body = batch(EVENT) + b" " * LARGEST_BODY

    for sent in (body, gzip.compress(body), gzip.compress(b" " * 10**8, 1)):
        with pytest.raises(TooLarge):
            read(sent)


def test_a_large_message_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(batch({**EVENT, "properties": {"text": "x" * LARGEST_MESSAGE}}))


@pytest.mark.parametrize("kind", ["batch", "track"])
def test_a_message_that_is_nested_too_deep_is_refused(kind: str) -> None:
    deep = b'{"event": "A", "userId": "u", "properties": ' + b'{"a":' * 300 + b"1" + b"}" * 301
    body = b'{"batch": [' + deep + b"]}" if kind == "batch" else deep

    with pytest.raises(NotReceived):
        request_of(parsed(body), kind=kind)


@pytest.mark.parametrize("key", ["messages", "count"])
def test_an_empty_batch_is_a_request(key: str) -> None:
    assert vars(read(batch()))[key] == {"messages": b"[]", "count": 0}[key]


CAPTURES = Path(__file__).parent / "captures"


@pytest.mark.parametrize("capture", sorted(CAPTURES.glob("*.json")), ids=lambda path: path.stem)
def test_what_a_real_sdk_sent_is_read(capture: Path) -> None:
    for sent in json.loads(capture.read_text()):
        said = parsed(json.dumps(sent["body"]).encode())

        assert request_of(said, kind="batch").count == len(sent["body"]["batch"])
        assert keys_of(sent["headers"].get("Authorization", ""), said)
