"""Bodies lie sealed under the keys of personal data until they are read.

A row of before lies as it came, and is read so.
"""

from __future__ import annotations

from typing import Any, Final

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts.sealed import SealedRows, bound_to
from joren.collect.webhooks import models

_AT_ONCE: Final = 500


def closed(endpoint: int, key: str, body: bytes) -> tuple[str, bytes]:
    """By which key, and the bytes as they are kept."""
    return people.vault_of_late().seal_body(_number(endpoint, key), body)


def body_of(row: models.Delivery) -> bytes:
    """What was sent."""
    body = bytes(row.body)
    return people.vault().unseal_body(_of_row(row), row.sealed, body) if row.sealed else body


def seal_open() -> None:
    """Seal what an older version left open."""
    rows = models.Delivery.objects.filter(sealed="").exclude(body=b"")
    for row in rows.iterator(_AT_ONCE):
        sealed, body = closed(row.endpoint_id, row.key, bytes(row.body))
        # Only as it was found: whoever reads it meanwhile has emptied it.
        same = models.Delivery.objects.filter(pk=row.pk, sealed="").exclude(body=b"")
        same.update(sealed=sealed, body=body)


def _of_row(row: Any) -> int:
    return _number(row.endpoint_id, row.key)


def _number(endpoint: int, key: str) -> int:
    return bound_to(f"{endpoint}/{key}")


BODIES: Final = SealedRows(models.Delivery, _of_row, body="body")
