"""The columns in which contacts lay open go, and with them the pages of the file that held them."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_COLUMNS = {
    "name": False, "name_kana": False, "email": True, "phone": False, "postal_code": False,
    "search_name": True, "search_kana": True, "search_phone": True,
}  # fmt: skip
"""Each with whether it has an index."""


def drop(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    # Not by Django's own way, which makes a table with indexes anew on SQLite, without triggers.
    table = apps.get_model("customers", "Customer")._meta.db_table
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, table)
    for name, one in found.items():
        if one["index"] and len(one["columns"]) == 1 and one["columns"][0] in _COLUMNS:
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")
    for name in _COLUMNS:
        editor.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def add(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for name, indexed in _COLUMNS.items():
        editor.execute(f"ALTER TABLE customers_customer ADD COLUMN {name} text NOT NULL DEFAULT ''")
        if indexed:
            editor.execute(f"CREATE INDEX customers_customer_{name} ON customers_customer ({name})")


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_seal")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, add)],
            state_operations=[migrations.RemoveField("customer", name) for name in _COLUMNS],
        ),
    ]
