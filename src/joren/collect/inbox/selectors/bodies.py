"""What was sent lies sealed under the keys of personal data until it is in the warehouse.

A row of before lies as it came, and is read so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts.sealed import SealedRows, bound_to
from joren.collect.inbox import models

_Row = TypeVar("_Row", models.Batch, models.UnreadMessage)


def closed(source: int, received_at: int, body: bytes) -> tuple[str, bytes]:
    """By which key, and the bytes as they are kept; ask before a transaction begins."""
    return people.seal_body(_key(source, received_at), body)


def opened(rows: Iterable[_Row]) -> Iterator[tuple[_Row, bytes]]:
    """Each row with the bytes that were sent."""
    for row in rows:
        body = bytes(row.body if isinstance(row, models.Batch) else row.message)
        yield row, people.unseal_body(_key(row.key_id, row.received_at), row.sealed, body)


def _key(source: int, received_at: int) -> str:
    return f"{source}/{received_at}"


def _of_row(row: Any) -> int:
    return bound_to(_key(row.key_id, row.received_at))


BATCHES: Final = SealedRows(models.Batch, _of_row, body="body")
UNREAD: Final = SealedRows(models.UnreadMessage, _of_row, body="message")
