"""Where people are, for the rooms of the floors below, who may not look themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from joren.collect.customers import models
from joren.collect.customers.contracts.phones import phone_of
from joren.collect.customers.selectors.keyring import hashed_key, keys_in
from joren.collect.customers.services.erasing import traces_of
from joren.core.people import Met, People
from joren.plumbing.bulk import rows_with


def by_email(addresses: Sequence[str]) -> Mapping[str, int]:
    """The customer of each address that is known."""
    return _owners({hashed_key(f"e:{one}"): one for one in addresses if one})


def by_number(store: str, numbers: Sequence[str]) -> Mapping[str, int]:
    """The customer of each number of that store."""
    row = models.Store.objects.filter(name=store).first()
    return {} if row is None else _owners({f"n:{row.pk}:{one}": one for one in numbers if one})


def _owners(words: Mapping[str, str]) -> Mapping[str, int]:
    keys = pa.array(list(words), pa.string())
    found = rows_with(models.Identity, "key", keys, ["key", "customer_id"])
    pairs = zip(found["key"].to_pylist(), found["customer_id"].to_pylist(), strict=True)
    return {words[key]: owner for key, owner in pairs}


def newer(after: int, limit: int) -> Sequence[Met]:
    """Identities of higher numbers than that one, in their order."""
    rows = list(models.Identity.objects.filter(pk__gt=after).order_by("pk")[:limit])
    keys = keys_in(rows)
    both = zip(rows, keys, strict=True)
    return [(row.pk, key, row.customer_id, row.first_seen_on) for row, key in both]


def key(kind: str, text: str) -> str:
    """``email``, ``phone``, or the name of a store for a number of it."""
    if kind == "email":
        return f"e:{text.strip().lower()}" if text.strip() else ""
    if kind == "phone":
        phone = phone_of(text)
        return f"p:{phone}" if phone else ""
    row = models.Store.objects.filter(name=kind).first()
    return f"n:{row.pk}:{text.strip()}" if row and text.strip() else ""


PEOPLE: Final = People(
    everybody="SELECT id AS customer_id FROM customers_customer WHERE merged_into_id IS NULL",
    merged=(
        "SELECT id AS customer_id, merged_into_id AS into_id "
        "FROM customers_customer WHERE merged_into_id IS NOT NULL"
    ),
    # All less the merged, whom an index knows: SQLite knows how many rows there are, and would look
    # at each for whether it was merged.
    many=(
        "SELECT (SELECT count(*) FROM customers_customer) - "
        "(SELECT count(*) FROM customers_customer WHERE merged_into_id IS NOT NULL) AS n"
    ),
    mailboxes="SELECT id AS customer_id, email_token AS token FROM customers_customer",
    by_email=by_email,
    by_number=by_number,
    traces=traces_of,
    newer=newer,
    key=key,
)
