"""Contacts are sealed, some thousand rows at a time: killed, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from joren.collect.customers import rules
from joren.collect.customers.selectors import keyring as vaults
from joren.collect.customers.services.writing import closed

_AT_ONCE = 5_000
_PLAIN = (*vaults.CONTACTS, "search_name", "search_kana", "search_grams", "search_phone")
_MADE = ("sealed", "search_grams", "email_token", "tail_token")


def seal(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    customers, identities = (apps.get_model("customers", n) for n in ("Customer", "Identity"))
    _in_parts(editor, lambda: _seal_people(customers, editor))
    _in_parts(editor, lambda: _seal_keys(identities, editor))
    _in_parts(editor, lambda: _hash_apart(apps.get_model("customers", "Apart")))


def _in_parts(editor: BaseDatabaseSchemaEditor, part: Callable[[], int]) -> None:
    while True:
        with transaction.atomic(using=editor.connection.alias):
            if not part():
                return


def _seal_people(customers: Any, editor: BaseDatabaseSchemaEditor) -> int:
    """Whoever has contacts that lie open."""
    waiting = customers.objects.exclude(**dict.fromkeys(vaults.CONTACTS, "")).order_by("pk")
    rows = list(waiting.values("id", *vaults.CONTACTS)[:_AT_ONCE])
    if not rows:
        return 0
    schema = pa.schema({"id": pa.int64(), **dict.fromkeys(vaults.CONTACTS, pa.string())})
    made = closed(pa.Table.from_pylist(rows, schema)).to_pylist()
    emptied = ", ".join(f"{name} = ''" for name in _PLAIN if name != "search_grams")
    places = ", ".join(f"{name} = %s" for name in _MADE)
    with editor.connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE customers_customer SET {places}, {emptied} WHERE id = %s",
            [tuple(row[name] for name in (*_MADE, "id")) for row in made],
        )
    return len(rows)


def _seal_keys(identities: Any, editor: BaseDatabaseSchemaEditor) -> int:
    waiting = identities.objects.filter(sealed="").exclude(key__startswith="n:").order_by("pk")
    rows = list(waiting.values_list("pk", "key")[:_AT_ONCE])
    if not rows:
        return 0
    ids, keys = zip(*rows, strict=True)
    sealed = vaults.vault().seal(ids, keys)
    hashed = [vaults.hashed_key(key) for key in keys]
    with editor.connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE customers_identity SET key = %s, sealed = %s WHERE id = %s",
            list(zip(hashed, sealed, ids, strict=True)),
        )
    return len(rows)


def _hash_apart(apart: Any) -> int:
    """Few: each was a decision by hand."""
    changed = 0
    for row in apart.objects.all():
        keys = [
            key if key[2:].startswith("~") else vaults.hashed_key(key)
            for key in (row.one_key, row.other_key)
        ]
        one, other = sorted(keys)
        if (one, other) != (row.one_key, row.other_key):
            row.one_key, row.other_key = one, other
            row.save()
            changed += 1
    return changed


def unseal(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    customers, identities = (apps.get_model("customers", n) for n in ("Customer", "Identity"))
    _in_parts(editor, lambda: _unseal_people(customers, editor))
    _in_parts(editor, lambda: _unseal_keys(identities, editor))


def _unseal_people(customers: Any, editor: BaseDatabaseSchemaEditor) -> int:
    rows = list(
        customers.objects.exclude(sealed="").order_by("pk").values("id", "sealed")[:_AT_ONCE]
    )
    if not rows:
        return 0
    plain = vaults.opened(pa.Table.from_pylist(rows))
    name, kana = (rules.searchable_column(plain[one]) for one in ("name", "name_kana"))
    columns = {
        **{one: plain[one].to_pylist() for one in vaults.CONTACTS},
        "search_name": name.to_pylist(),
        "search_kana": kana.to_pylist(),
        "search_grams": rules.grams_column(name, kana).to_pylist(),
        "search_phone": rules.phone_tail_column(plain["phone"]).to_pylist(),
    }
    places = ", ".join(f"{one} = %s" for one in columns)
    with editor.connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE customers_customer SET {places}, sealed = '' WHERE id = %s",
            list(zip(*columns.values(), plain["id"].to_pylist(), strict=True)),
        )
    return len(rows)


def _unseal_keys(identities: Any, editor: BaseDatabaseSchemaEditor) -> int:
    rows = list(identities.objects.exclude(sealed="").order_by("pk")[:_AT_ONCE])
    with editor.connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE customers_identity SET key = %s, sealed = '' WHERE id = %s",
            [(key, row.pk) for row, key in zip(rows, vaults.keys_in(rows), strict=True)],
        )
    return len(rows)


class Migration(migrations.Migration):
    atomic = False  # each part is a transaction of its own
    dependencies = [("customers", "0006_sealed_contacts")]
    operations = [migrations.RunPython(seal, unseal)]
