"""Where people are, for the rooms of the floors below, who may not look themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from joren.collect.customers import models
from joren.core.people import People
from joren.plumbing.bulk import rows_with


def by_email(addresses: Sequence[str]) -> Mapping[str, int]:
    """The customer of each address that is known."""
    return _owners({f"e:{one}": one for one in addresses if one})


def by_number(store: str, numbers: Sequence[str]) -> Mapping[str, int]:
    """The customer of each number of that store."""
    row = models.Store.objects.filter(name=store).first()
    return {} if row is None else _owners({f"n:{row.pk}:{one}": one for one in numbers if one})


def _owners(words: Mapping[str, str]) -> Mapping[str, int]:
    keys = pa.array(list(words), pa.string())
    found = rows_with(models.Identity, "key", keys, ["key", "customer_id"])
    pairs = zip(found["key"].to_pylist(), found["customer_id"].to_pylist(), strict=True)
    return {words[key]: owner for key, owner in pairs}


PEOPLE: Final = People(
    everybody="SELECT id AS customer_id FROM customers_customer WHERE merged_into_id IS NULL",
    # Few are merged: the log has an index of them, which the table of customers has not.
    merged=(
        "SELECT DISTINCT c.id AS customer_id, c.merged_into_id AS into_id "
        "FROM customers_merge AS log JOIN customers_customer AS c ON c.id = log.loser_id "
        "WHERE c.merged_into_id IS NOT NULL"
    ),
    by_email=by_email,
    by_number=by_number,
)
