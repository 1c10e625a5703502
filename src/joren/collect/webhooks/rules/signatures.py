"""Is the body from whom it says? Every comparison takes the same time, whatever was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

TOLERANCE: Final = 300
"""Seconds between the moment that Stripe signed and now."""


def header(headers: Mapping[str, str], name: str) -> str:
    """A header of Shopify's in either spelling, ``X-Shopify-Topic`` or ``shopify-topic``."""
    low = {key.lower(): value for key, value in headers.items()}
    return low.get(f"x-shopify-{name}", "") or low.get(f"shopify-{name}", "")


def is_shopifys(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """Base64 of HMAC-SHA256 of the body under the app's secret, the new or the old one."""
    given = signature.strip().encode()
    return _any(
        hmac.compare_digest(given, base64.b64encode(_digest(secret, body))) for secret in secrets
    )


def is_stripes(body: bytes, signature: str, secrets: Sequence[str], *, now: int) -> bool:
    """``t=…,v1=…``, where one v1 is the hex of HMAC-SHA256 of ``t.body``, and t is about now."""
    parts = [part.strip().partition("=") for part in signature.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    given = [value.encode() for name, _, value in parts if name == "v1"]
    if len(moments) != 1 or not moments[0].isdecimal() or len(moments[0]) > 12:
        return False
    if abs(now - int(moments[0])) > TOLERANCE:
        return False
    wanted = [
        _digest(secret, moments[0].encode() + b"." + body).hex().encode() for secret in secrets
    ]
    return _any(hmac.compare_digest(one, other) for one in given for other in wanted)


def is_signed(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """HMAC-SHA256 of the body, in hex or base64, with or without ``sha256=`` before it."""
    given = signature.strip().removeprefix("sha256=").encode()
    found = []
    for secret in secrets:
        digest = _digest(secret, body)
        found.append(hmac.compare_digest(given.lower(), digest.hex().encode()))
        found.append(hmac.compare_digest(given, base64.b64encode(digest)))
    return _any(found)


def bears(authorization: str, secrets: Sequence[str]) -> bool:
    """``Authorization: Bearer TOKEN``."""
    kind, _, token = authorization.partition(" ")
    given = token.strip().encode()
    same = _any(hmac.compare_digest(given, secret.encode()) for secret in secrets)
    return kind.lower() == "bearer" and same


def _digest(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def _any(answers: object) -> bool:
    """All are asked, so that time does not tell which was right."""
    return any([*answers])  # type: ignore[misc]  # all are asked, so that the time tells nothing
