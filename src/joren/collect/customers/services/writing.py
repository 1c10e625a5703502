"""Rows of the customers' table, as they are kept: with what a search compares."""

from __future__ import annotations

import json
from typing import Any, Final

import pyarrow as pa
from django.db import connection

from joren.collect.customers import models, rules
from joren.plumbing.bulk import columns_of, insert_missing
from joren.warehouse.engines.duckdb import DuckDBHolding


def add_customers(rows: pa.Table) -> None:
    """Insert the customers who are not there yet, so that a search finds them."""
    # PostgreSQL keeps its index itself.
    then = _index_names if connection.vendor == "sqlite" else None
    insert_missing(models.Customer, rows, then=then)


def _index_names(cursor: Any, rows: pa.Table) -> None:
    """All at once, for row by row (as a trigger does it) it takes longer than all the rest."""
    cursor.execute(
        "INSERT INTO customers_grams (rowid, search_grams) "
        "SELECT id, search_grams FROM customers_customer "
        "WHERE id IN (SELECT value FROM json_each(%s)) ORDER BY id",
        [json.dumps(rows["id"].to_pylist())],
    )


def searched(rows: pa.Table) -> pa.Table:
    """With what a search compares."""
    name = rules.searchable_column(rows["name"])
    kana = rules.searchable_column(rows["name_kana"])
    return (
        rows.append_column("search_name", name)
        .append_column("search_kana", kana)
        .append_column("search_grams", rules.grams_column(name, kana))
        .append_column("search_phone", rules.phone_tail_column(rows["phone"]))
    )


def comparable(holding: DuckDBHolding) -> tuple[str, str]:
    """What two people are compared by, as numbers that are equal where the texts are.

    (id, said, family, postal, birthday) of all people, and (id, email_alike, phone) of all their
    contacts; null where nothing is known.
    """
    names = ["id", "name", "search_name", "email", "phone", "postal_code", "birthday"]
    held = list(columns_of(models.Customer, names, where="merged_into_id IS NULL"))
    everybody = holding.take(pa.concat_tables([_NOBODY, *held])).get_name()
    theirs = list(columns_of(models.Identity, ["customer_id", "key"], where=_CONTACTS))
    identities = holding.take(pa.concat_tables([_NO_CONTACT, *theirs])).get_name()
    people = holding.hold_sql(
        "SELECT id, CASE WHEN search_name <> '' THEN hash(search_name) END AS said, "
        "CASE WHEN contains(trim(name), ' ') THEN hash(split_part(trim(name), ' ', 1)) END "
        "AS family, CASE WHEN postal_code <> '' THEN hash(regexp_replace(postal_code, '[^0-9]', '',"
        f" 'g')) END AS postal, birthday FROM {everybody}"
    )
    alike = (
        "hash(regexp_replace(lower(split_part(email, '@', 1)), '\\+.*$|\\.', '', 'g') || '@' "
        "|| lower(split_part(email, '@', 2)))"
    )
    contacts = holding.hold_sql(
        f"SELECT DISTINCT id, CASE WHEN email <> '' THEN {alike} END AS email_alike, "
        "CASE WHEN phone <> '' THEN hash(phone) END AS phone FROM ("
        f"SELECT id, email, phone FROM {everybody} UNION ALL "
        "SELECT customer_id, CASE WHEN key[1] = 'e' THEN key[3:] END, "
        f"CASE WHEN key[1] = 'p' THEN split_part(key[3:], '|', 1) END FROM {identities})"
    )
    return people, contacts


_CONTACTS: Final = "key LIKE 'e:%%' OR key LIKE 'p:%%'"
_NOBODY: Final = pa.schema(
    {
        "id": pa.int64(),
        **dict.fromkeys(("name", "search_name", "email", "phone", "postal_code"), pa.string()),
        "birthday": pa.date32(),
    }
).empty_table()
_NO_CONTACT: Final = pa.schema({"customer_id": pa.int64(), "key": pa.string()}).empty_table()
