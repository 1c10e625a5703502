"""Take a request in: durable before it is acknowledged, at the cost of one short transaction."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, router, transaction

from joren.collect.inbox import models
from joren.collect.inbox.contracts import BURST_SECONDS, NotReceived, TooMany, UnknownKey
from joren.collect.inbox.rules.keys import hash_of
from joren.collect.inbox.rules.reading import Request
from joren.collect.inbox.selectors import UNKNOWN_KEYS
from joren.collect.inbox.selectors.bodies import closed

_KNOWN_FOR: Final = 2.0  # seconds: a revoked key is refused after that
_MOST_KNOWN: Final = 10_000
_SECOND: Final = 1_000_000


@dataclass(frozen=True)
class _Key:
    id: int
    limit: int
    public: bool


class _Remembered:
    """Keys that this process looked up lately, unknown ones too, so that few requests ask."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, _Key | None]] = {}
        self._lock = threading.Lock()

    def get(self, text: str) -> _Key | None:
        digest = hash_of(text)
        until, known = self._found.get(digest, (0.0, None))
        now = time.monotonic()
        if now < until:
            return known
        row = models.WriteKey.objects.filter(secret_hash=digest, revoked_at=None).first()
        key = None if row is None else _Key(row.pk, row.limit, bool(row.public_key))
        with self._lock:
            if len(self._found) >= _MOST_KNOWN:
                self._found.clear()
            self._found[digest] = (now + _KNOWN_FOR, key)
        return key

    def forget(self) -> None:
        """What was looked up; for tests, whose database changes under this process."""
        self._found.clear()


class _Strangers:
    """Requests with an unknown key cost one write a second and process, however many come."""

    def __init__(self) -> None:
        self._counted_at = 0

    def may_be_counted(self, now: int) -> bool:
        if now - self._counted_at < _SECOND:
            return False
        self._counted_at = now
        return True


KEYS: Final = _Remembered()
_STRANGERS: Final = _Strangers()


def admit(keys: Sequence[str]) -> None:
    """Raises ``UnknownKey`` unless a source has one of the keys."""
    _key_of(keys)


def receive(request: Request, *, keys: Sequence[str], now: int) -> None:
    """Keep the messages until they are in the warehouse. ``now`` in microseconds since 1970."""
    key = _key_of(keys)
    if not request.count:
        return
    sealed, body = closed(key.id, now, request.messages)
    using = router.db_for_write(models.Batch)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _count(cursor, key, request.count, now)
        _insert(cursor, key.id, now, request.sent_at[:40], request.count, sealed, body)


def keep_request(cursor: Any, source: int, now: int, count: int, messages: bytes) -> None:
    """Keep messages that no limit holds back; call it in a transaction of the inbox."""
    sealed, body = closed(source, now, messages)
    _begin(cursor, source)
    cursor.execute(
        "UPDATE inbox_tally SET received = received + %s, last_seen_at = %s WHERE key_id = %s",
        [count, now, source],
    )
    _insert(cursor, source, now, "", count, sealed, body)


def _insert(
    cursor: Any, source: int, now: int, sent_at: str, count: int, sealed: str, body: bytes
) -> None:
    cursor.execute(
        "INSERT INTO inbox_batch (key_id, received_at, sent_at, messages, sealed, body) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [source, now, sent_at, count, sealed, body],
    )


def public_source(key: str) -> bool:
    """May a browser use that key?"""
    found = KEYS.get(key)
    return found is not None and found.public


def refused(keys: Sequence[str], problem: NotReceived, *, now: int) -> None:
    """Count what was not taken in, so that whoever sets a sender up finds out why."""
    found = next((key for text in keys if (key := KEYS.get(text))), None)
    number = found.id if found else UNKNOWN_KEYS
    if found is None and not _STRANGERS.may_be_counted(now):
        return
    using = router.db_for_write(models.Tally)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _begin(cursor, number)
        cursor.execute(
            "UPDATE inbox_tally SET refused = refused + 1, last_refusal = %s, "
            "last_refused_at = %s WHERE key_id = %s",
            [problem.message[:200], now, number],
        )


def _key_of(texts: Sequence[str]) -> _Key:
    for text in texts:
        if (key := KEYS.get(text)) is not None:
            return key
    raise UnknownKey("no source has this write key" if texts else "the request has no write key")


def _count(cursor: Any, key: _Key, messages: int, now: int) -> None:
    """Count them against the limit (GCRA): one clock a source, ahead of ours by what it sent."""
    cost = messages * _SECOND // key.limit
    ahead = BURST_SECONDS * _SECOND
    counting = (
        "UPDATE inbox_tally SET received = received + %s, last_seen_at = %s, "
        "free_at = CASE WHEN free_at > %s THEN free_at ELSE %s END + %s "
        "WHERE key_id = %s AND free_at <= %s",
        [messages, now, now, now, cost, key.id, now + ahead - min(cost, ahead)],
    )
    cursor.execute(*counting)
    if cursor.rowcount:
        return
    _begin(cursor, key.id)  # and whoever began it meanwhile has ended by then
    cursor.execute(*counting)
    if cursor.rowcount:
        return
    cursor.execute("SELECT free_at FROM inbox_tally WHERE key_id = %s", [key.id])
    (free_at,) = cursor.fetchone()
    wait = free_at + cost - now - ahead
    raise TooMany(
        f"more than {key.limit:,} events a second", after=max(1, math.ceil(wait / _SECOND))
    )


def _begin(cursor: Any, number: int) -> None:
    """The row of a source that never sent before."""
    cursor.execute(
        "INSERT INTO inbox_tally (key_id, free_at, received, kept, repeated, unreadable, refused, "
        "last_seen_at, last_refusal, last_refused_at) "
        "VALUES (%s, 0, 0, 0, 0, 0, 0, 0, '', 0) ON CONFLICT DO NOTHING",
        [number],
    )
