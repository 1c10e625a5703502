"""Rows of the customers' table as they are kept: contacts sealed, found by keyed hashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from joren.collect.customers import models, rules
from joren.collect.customers.selectors.keyring import BETWEEN, CONTACTS, as_one, opened, vault
from joren.plumbing.bulk import columns_of, insert_missing
from joren.warehouse.engines.duckdb import DuckDBHolding

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


def comparable(holding: DuckDBHolding) -> tuple[str, str]:
    """What two people are compared by, as numbers that are equal where the texts are.

    (id, said, family, postal, birthday) of all people, and (id, email_alike, phone) of all their
    contacts; null where nothing is known. Contacts are opened part by part; of each part only the
    numbers stay.
    """
    keys = vault()
    names, said, theirs = ["id", "sealed", "birthday"], [_NOBODY], [_NO_CONTACT]
    for part in columns_of(models.Customer, names, where="merged_into_id IS NULL"):
        people = opened(part, by=keys)
        searchable = rules.searchable_column(people["name"])
        rows = people.append_column("search_name", searchable)
        said.append(_reckoned(holding, rows, _SAID))
        theirs.append(_reckoned(holding, rows.select(["id", "email", "phone"]), _ALIKE))
    for part in columns_of(models.Identity, ["id", "customer_id", "sealed"], where=_CONTACTS):
        plain = keys.unseal(part["id"].to_pylist(), part["sealed"].to_pylist())
        rows = pa.table({"id": part["customer_id"], "key": pa.array(plain, pa.string())})
        theirs.append(_reckoned(holding, rows, _KEYED))
    everybody = holding.take(pa.concat_tables(said)).get_name()
    contacts = holding.take(pa.concat_tables(theirs)).get_name()
    return everybody, holding.hold_sql(f"SELECT DISTINCT * FROM {contacts}")


def _reckoned(holding: DuckDBHolding, rows: pa.Table, columns: str) -> pa.Table:
    raw = holding.engine.raw
    raw.register("_comparable", rows)
    try:
        return raw.sql(columns.format(rows="_comparable")).to_arrow_table()
    finally:
        raw.unregister("_comparable")


_CONTACTS: Final = "key LIKE 'e:%%' OR key LIKE 'p:%%'"
_SAID: Final = (
    "SELECT id, CASE WHEN search_name <> '' THEN hash(search_name) END AS said, "
    "CASE WHEN contains(trim(name), ' ') THEN hash(split_part(trim(name), ' ', 1)) END AS family, "
    "CASE WHEN postal_code <> '' THEN hash(regexp_replace(postal_code, '[^0-9]', '', 'g')) END "
    "AS postal, birthday FROM {rows}"
)
_LOOSE: Final = (
    "CASE WHEN email <> '' THEN hash(regexp_replace(lower(split_part(email, '@', 1)), "
    "'\\+.*$|\\.', '', 'g') || '@' || lower(split_part(email, '@', 2))) END AS email_alike, "
    "CASE WHEN phone <> '' THEN hash(phone) END AS phone"
)
_ALIKE: Final = f"SELECT id, {_LOOSE} FROM {{rows}}"
_KEYED: Final = (
    f"SELECT id, {_LOOSE} FROM (SELECT id, CASE WHEN key[1] = 'e' THEN key[3:] END AS email, "
    "CASE WHEN key[1] = 'p' THEN split_part(key[3:], '|', 1) END AS phone FROM {rows})"
)
# ``empty_table()`` would load pandas, here and in every command.
_NOBODY: Final = pa.Table.from_batches(
    [],
    pa.schema(
        {
            "id": pa.int64(),
            **dict.fromkeys(("said", "family", "postal"), pa.uint64()),
            "birthday": pa.date32(),
        }
    ),
)
_NO_CONTACT: Final = pa.Table.from_batches(
    [], pa.schema({"id": pa.int64(), "email_alike": pa.uint64(), "phone": pa.uint64()})
)
