"""The contacts in what shops ask about somebody's data lie sealed until it is answered, and so does
the sample of a body.

A row of before says them open until the next sweep, and is read so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import WrongKey
from joren.collect.webhooks import models


def key_of(endpoint: int, key: str) -> str:
    """By which the seal of a request is bound to it."""
    return f"privacy/{endpoint}/{key}"


def closed(endpoint: int, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request as they are kept."""
    contacts = {name: asked[name] for name in ("email", "phone")}
    if not any(contacts.values()):
        return {**asked, "sealed": ""}
    (sealed,) = people.seal_texts([key_of(endpoint, key)], [json.dumps(contacts)])
    return {**asked, "email": "", "phone": "", "sealed": sealed}


def contacts_of(rows: Sequence[models.PrivacyRequest]) -> list[tuple[str, str]]:
    """E-mail and phone of each."""
    hidden = [row for row in rows if row.sealed]
    keys = [key_of(row.endpoint_id, row.key) for row in hidden]
    texts = people.unseal_texts(keys, [row.sealed for row in hidden])
    said = {row.pk: json.loads(text) for row, text in zip(hidden, texts, strict=True)}
    return [
        (said[row.pk]["email"], said[row.pk]["phone"]) if row.pk in said else (row.email, row.phone)
        for row in rows
    ]


def place_of(endpoint: int) -> str:
    """By which the seal of a sample is bound to its webhook."""
    return f"sample/{endpoint}"


def closed_sample(endpoint: int, sample: str) -> str:
    """The sample as it is kept; nothing stays nothing."""
    return people.seal_texts([place_of(endpoint)], [sample])[0] if sample else ""


def sample_of(row: models.Endpoint) -> str:
    """The body that somebody gave to show what others look like; "" where the key to it is lost,
    without which an endpoint can be looked after all the same."""
    if not row.sealed:
        return row.sample
    try:
        return people.unseal_texts([place_of(row.pk)], [row.sealed])[0]
    except WrongKey:
        return ""
