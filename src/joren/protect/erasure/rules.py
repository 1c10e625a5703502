"""Hashes that answer whether somebody was erased, and the lines of the log. No clock, no database.

A hash is keyed with the secret of the installation: without it nobody can try addresses out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from joren.protect.erasure.contracts import DAYS


def digest(key: str, *, secret: str) -> str:
    """What is kept of an address or number in place of it."""
    salted = hashlib.sha256(f"joren.erasure:{secret}".encode()).digest()
    return hmac.new(salted, key.encode(), hashlib.sha256).hexdigest()


def digests(keys: Iterable[str], *, secret: str) -> frozenset[str]:
    return frozenset(digest(key, secret=secret) for key in keys)


def mark(secret: str) -> str:
    """Says of two hashes whether one secret made them, and nothing of the secret."""
    return digest("which secret", secret=secret)[:16]


def due(asked: date) -> date:
    return asked + timedelta(days=DAYS)


@dataclass(frozen=True)
class Line:
    """An erasure as the log keeps it: numbers and hashes, and nobody's name."""

    uid: str
    customer: int
    customers: tuple[int, ...]
    digests: tuple[str, ...]
    secret: str
    at: str
    by: str
    suppress: bool

    def written(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines that are whole: the last one may have been cut by a crash."""
    found: dict[str, Line] = {}
    for raw in text.splitlines():
        try:
            said: Mapping[str, Any] = json.loads(raw)
            line = Line(
                **{
                    **said,
                    "customers": tuple(said["customers"]),
                    "digests": tuple(said["digests"]),
                }
            )
        except (ValueError, TypeError, KeyError):
            continue
        found.setdefault(line.uid, line)
    return tuple(found.values())
