"""Bodies lie sealed under the keys of personal data until they are read.

A row of before lies as it came, and is read so.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts.sealed import SealedRows, bound_to
from joren.collect.webhooks import models, opening

_AT_ONCE: Final = 500


def closed(endpoint: int, key: str, body: bytes) -> tuple[str, bytes]:
    """By which key, and the bytes as they are kept."""
    return people.seal_body(_key(endpoint, key), body)


def body_of(row: models.Delivery) -> bytes:
    """What was sent."""
    return people.unseal_body(_key(row.endpoint_id, row.key), row.sealed, bytes(row.body))


def seal_open() -> None:
    """Seal what an older version left open."""
    rows = models.Delivery.objects.filter(sealed="").exclude(body=b"")
    for row in rows.iterator(_AT_ONCE):
        sealed, body = closed(row.endpoint_id, row.key, bytes(row.body))
        # Only as it was found: whoever reads it meanwhile has emptied it.
        same = models.Delivery.objects.filter(pk=row.pk, sealed="").exclude(body=b"")
        same.update(sealed=sealed, body=body)


def seal_open_requests() -> int:
    """The same of what shops ask about somebody's data, and of samples; returns how many rows lay
    open."""
    done = _seal_samples()
    while part := _seal_some_requests():
        done += part
    return done


@transaction.atomic
def _seal_samples() -> int:
    """Of few webhooks, a sample each."""
    rows = list(models.Endpoint.objects.select_for_update().exclude(sample=""))
    for row in rows:
        row.sample, row.sealed = "", opening.closed_sample(row.pk, row.sample)
    models.Endpoint.objects.bulk_update(rows, ["sample", "sealed"])
    return len(rows)


@transaction.atomic
def _seal_some_requests() -> int:
    told = ~Q(email="") | ~Q(phone="")
    left = models.PrivacyRequest.objects.select_for_update().filter(told, sealed="")
    rows = list(left.order_by("pk")[:_AT_ONCE])
    for row in rows:
        kept = opening.closed(row.endpoint_id, row.key, {"email": row.email, "phone": row.phone})
        row.email, row.phone, row.sealed = "", "", kept["sealed"]
    models.PrivacyRequest.objects.bulk_update(rows, ["email", "phone", "sealed"])
    return len(rows)


def _key(endpoint: int, key: str) -> str:
    return f"{endpoint}/{key}"


def _of_row(row: Any) -> int:
    return bound_to(_key(row.endpoint_id, row.key))


def _of_request(row: Any) -> int:
    return bound_to(opening.key_of(row.endpoint_id, row.key))


def _of_endpoint(row: Any) -> int:
    return bound_to(opening.place_of(row.pk))


BODIES: Final = SealedRows(models.Delivery, _of_row, body="body")
REQUESTS: Final = SealedRows(models.PrivacyRequest, _of_request)
SAMPLES: Final = SealedRows(models.Endpoint, _of_endpoint)
