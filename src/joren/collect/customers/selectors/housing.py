"""Where people live and lived, with what told it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.keyring import vault
from joren.core.ids import CustomerId
from joren.plumbing.bulk import columns_of, given

_SEALED: Final = ("postal_code", "city", "street", "building")
_BETWEEN: Final = "\x1f"
# The newest address of each of some customers, in one statement of both databases.
_NEWEST: Final = """
    SELECT customer_id, id, sealed, prefecture FROM (
        SELECT who.customer_id, a.id, a.sealed, a.prefecture, ROW_NUMBER() OVER (
            PARTITION BY who.customer_id ORDER BY a.last_on DESC, a.id DESC
        ) AS place
        FROM customers_identity AS who JOIN customers_address AS a ON a.identity_id = who.id
        WHERE who.customer_id IN ({wanted})
    ) AS every WHERE place = 1
"""


def as_one(rows: pa.Table) -> list[str]:
    """What is sealed of each address, as one text."""
    columns = [pc.replace_substring(rows[name], _BETWEEN, "") for name in _SEALED]
    texts: list[str] = pc.binary_join_element_wise(*columns, _BETWEEN).to_pylist()
    return texts


def newest_addresses(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Where each of these lives, in PARTS; of some thousand at a time."""
    query, values = given(ids)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST.format(wanted=query), [values])
        rows = cursor.fetchall()
    plain = vault().unseal([row[1] for row in rows], [row[2] for row in rows]) if rows else []
    return {
        customer: _parts(text, prefecture)
        for (customer, _, _, prefecture), text in zip(rows, plain, strict=True)
    }


def addresses_of(customer_id: CustomerId) -> list[contracts.Address]:
    """Every address of a customer, the newest first; one that several identities gave is one."""
    rows = list(
        models.Address.objects.filter(identity__customer_id=customer_id).order_by("-last_on", "-pk")
    )
    plain = vault().unseal([row.pk for row in rows], [row.sealed for row in rows]) if rows else []
    parts = [_parts(text, row.prefecture) for row, text in zip(rows, plain, strict=True)]
    places = rules.alike(pa.Table.from_pylist(parts)) if parts else []
    by_place: dict[str, list[tuple[models.Address, dict[str, str]]]] = {}
    for row, part, place in zip(rows, parts, places, strict=True):
        by_place.setdefault(place, []).append((row, part))
    return [_address(same) for same in by_place.values()]


def _address(same: Sequence[tuple[models.Address, dict[str, str]]]) -> contracts.Address:
    first = min((row for row, _ in same), key=lambda row: (row.first_on, row.pk))
    newest, parts = same[0]
    return contracts.Address(
        **parts, import_id=first.import_id, first_on=first.first_on, last_on=newest.last_on
    )


def newest_prefectures() -> pa.Table:
    """(customer_id, prefecture) of everybody whose address names one."""
    names = ["id", "identity_id", "prefecture", "last_on"]
    rows = list(columns_of(models.Address, names, where="prefecture <> ''"))
    if not rows:
        return pa.schema([("customer_id", pa.int64()), ("prefecture", pa.string())]).empty_table()
    every = pa.concat_tables(rows)
    whose = pa.concat_tables(columns_of(models.Identity, ["id", "customer_id"]))
    places = pc.index_in(every["identity_id"], value_set=whose["id"])
    every = every.append_column("customer_id", whose["customer_id"].take(places))
    every = every.sort_by([("last_on", "descending"), ("id", "descending")])
    customers, first = np.unique(every["customer_id"].to_numpy(), return_index=True)
    return pa.table(
        {"customer_id": customers, "prefecture": every["prefecture"].take(pa.array(first))}
    )


def _parts(text: str, prefecture: str) -> dict[str, Any]:
    return {**dict(zip(_SEALED, text.split(_BETWEEN), strict=True)), "prefecture": prefecture}
