"""Rows of the customers' table as they are kept: contacts sealed, found by keyed hashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import models, rules
from joren.collect.customers.selectors.keyring import BETWEEN, CONTACTS, as_one, vault
from joren.plumbing.bulk import insert_missing

_TAIL: Final = 4


def add_customers(rows: pa.Table) -> None:
    """Insert the customers who are not there yet, so that a search finds them."""
    # PostgreSQL keeps its index itself.
    then = _index_names if connection.vendor == "sqlite" else None
    insert_missing(models.Customer, closed(rows), then=then)


def _index_names(cursor: Any, rows: pa.Table) -> None:
    """All at once, for row by row (as a trigger does it) it takes longer than all the rest."""
    cursor.execute(
        "INSERT INTO customers_grams (rowid, search_grams) "
        "SELECT id, search_grams FROM customers_customer "
        "WHERE id IN (SELECT value FROM json_each(%s)) ORDER BY id",
        [json.dumps(rows["id"].to_pylist())],
    )


def closed(rows: pa.Table) -> pa.Table:
    """The rows with what is sealed and its hashes in place of their contacts."""
    keys = vault()
    contacts = {name: rows[name] for name in CONTACTS}
    texts = as_one(contacts)
    tails = pc.utf8_slice_codeunits(rules.phone_tail_column(contacts["phone"]), 0, _TAIL)
    names = pc.binary_join_element_wise(
        *(
            pc.replace_substring(pc.fill_null(contacts[name], ""), BETWEEN, "")
            for name in ("name", "name_kana")
        ),
        BETWEEN,
    )
    hashed = {
        "sealed": keys.seal(rows["id"].to_pylist(), texts),
        "search_grams": _each_once(names, lambda few: _grams(keys, few)),
        "email_token": keys.tokens(pc.utf8_lower(contacts["email"]).to_pylist()),
        "tail_token": _each_once(tails, lambda few: keys.tokens(few.to_pylist())),
    }
    rows = rows.drop_columns(list(CONTACTS))
    for name, values in hashed.items():
        rows = rows.append_column(name, pa.array(values, pa.string()))
    return rows


def _grams(keys: rules.Vault, names: pa.Array) -> pa.Array:
    """What a search finds a name and its kana by."""
    parts = pc.split_pattern(names, BETWEEN)
    return keys.grams(*(rules.searchable_column(pc.list_element(parts, n)) for n in range(2)))


def _each_once(texts: Any, by: Callable[[pa.Array], Any]) -> pa.Array:
    """A function of each text, reckoned once for all rows that have the same."""
    coded = pc.dictionary_encode(pa.chunked_array(texts).combine_chunks())
    return pa.array(by(coded.dictionary), pa.string()).take(coded.indices)
