"""One request of the Segment protocol into messages, by what it holds and not by what it declares.

SDKs disagree: JSON is declared as text or as a form, gzip is declared or not, the write key stands
in the header, in the body, or in both. Sizes are bounded before anything is unpacked or parsed.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from joren.collect.inbox.contracts import (
    LARGEST_BODY,
    LARGEST_MESSAGE,
    LARGEST_WRITTEN,
    NotReceived,
    TooLarge,
)
from joren.core.texts import without_nul

GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Request:
    """``messages`` is a JSON list of ``count``."""

    messages: bytes
    count: int
    sent_at: str


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object that the body is, however it was packed and whatever it was called."""
    unpacked = _unpacked(body)
    try:
        said = orjson.loads(unpacked)
    except orjson.JSONDecodeError:
        said = _parsed_leniently(unpacked)
    if not isinstance(said, dict):
        raise NotReceived("the body is no JSON object")
    return said


def keys_of(authorization: str, said: dict[str, Any]) -> tuple[str, ...]:
    """The write keys that stand in the header, the body, or its first message; best first."""
    found = [*_keys_in(authorization), said.get("writeKey")]
    batch = said.get("batch")
    if isinstance(batch, list) and batch and isinstance(batch[0], dict):
        found.append(batch[0].get("writeKey"))
    return tuple(dict.fromkeys(key for key in found if isinstance(key, str) and key))


def request_of(said: dict[str, Any], *, kind: str) -> Request:
    """What came to the endpoint of that kind: ``batch``, or the type of a single message."""
    sent_at = said.get("sentAt")
    messages = _listed(said) if kind == "batch" else [{**said, "type": kind}]
    parts, written = [], 0
    for message in messages:
        parts.append(_written(message))
        written += len(parts[-1])
        if written > LARGEST_WRITTEN:
            raise TooLarge(f"its messages have more than {LARGEST_WRITTEN:,} bytes with context")
    text = b"[" + b",".join(parts) + b"]"
    return Request(text, len(parts), sent_at if isinstance(sent_at, str) else "")


def messages_in(kept: bytes) -> list[Any]:
    """The messages of a request as it is kept, without the character 0: whoever hears of an event
    could not keep it."""
    said = orjson.loads(kept)
    found: list[Any] = without_nul(said) if b"\\u0000" in kept else said
    return found


def _listed(said: dict[str, Any]) -> list[dict[str, Any]]:
    messages = said.get("batch")
    if not isinstance(messages, list):
        raise NotReceived("the body has no list named batch")
    if not all(isinstance(message, dict) for message in messages):
        raise NotReceived("a message of the batch is no JSON object")
    if isinstance(context := said.get("context"), dict):
        for message in messages:
            message.setdefault("context", context)
    return messages


def _written(message: dict[str, Any]) -> bytes:
    """The message as it is kept, without the key that came with it."""
    message.pop("writeKey", None)
    try:
        text = orjson.dumps(message)
    except orjson.JSONEncodeError:  # it reads deeper than it writes
        raise NotReceived("a message is nested more than 250 deep") from None
    if len(text) > LARGEST_MESSAGE:
        raise TooLarge(f"a message has {len(text):,} bytes, at most {LARGEST_MESSAGE:,} are taken")
    return text


def _unpacked(body: bytes) -> bytes:
    """The body without gzip, whether that was declared or not."""
    if not body.startswith(GZIP):
        return _sized(body)
    found = bytearray()
    while body:
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            found += unpacking.decompress(body, LARGEST_BODY + 1 - len(found))
        except zlib.error:
            raise NotReceived("the gzip of the body is damaged") from None
        _sized(found)
        if not unpacking.eof:
            raise NotReceived("the gzip of the body ends too early")
        body = unpacking.unused_data
    return bytes(found)


def _sized(body: bytes | bytearray) -> bytes:
    if len(body) > LARGEST_BODY:
        raise TooLarge(f"the body has more than {LARGEST_BODY:,} bytes")
    return bytes(body)


def _parsed_leniently(body: bytes) -> Any:
    """What Python's own writer may write and JSON does not know: NaN, and halves of an emoji."""
    try:
        said = json.loads(body.removeprefix(_BOM), parse_constant=lambda _: None)
        return orjson.loads(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise NotReceived("the body is no JSON") from None


def _keys_in(authorization: str) -> Iterator[str]:
    scheme, _, rest = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        yield rest.strip()
    elif scheme.lower() == "basic":
        try:
            yield base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return
