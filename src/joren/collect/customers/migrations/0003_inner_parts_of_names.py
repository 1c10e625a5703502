"""Names are found by any part: the pairs of their characters, and an index of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from joren.collect.customers import rules

_AT_ONCE = 20_000
_ADD = """
INSERT INTO customers_grams (rowid, search_grams) VALUES (new.id, new.search_grams);
"""
_TAKE = """
INSERT INTO customers_grams (customers_grams, rowid, search_grams)
VALUES ('delete', old.id, old.search_grams);
"""
# Only which rows have a pair is kept (detail, columnsize); the ascii tokenizer takes what lies
# between spaces as it is, but for punctuation.
_SQLITE = (
    """
CREATE VIRTUAL TABLE customers_grams USING fts5 (
    search_grams, content = 'customers_customer', content_rowid = 'id',
    detail = 'none', columnsize = 0, tokenize = 'ascii'
)
""",
    "INSERT INTO customers_grams (customers_grams) VALUES ('rebuild')",
    f"""
CREATE TRIGGER customers_grams_removed AFTER DELETE ON customers_customer
BEGIN {_TAKE} END
""",
    f"""
CREATE TRIGGER customers_grams_changed AFTER UPDATE OF search_grams ON customers_customer
WHEN old.search_grams <> new.search_grams
BEGIN {_TAKE} {_ADD} END
""",
)
_POSTGRESQL = """
CREATE INDEX customers_grams ON customers_customer USING gin (string_to_array(search_grams, ' '))
"""


def fill(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Give the people who are there their pairs."""
    customers = apps.get_model("customers", "Customer").objects
    last, names = -1, ("pk", "search_name", "search_kana")
    while rows := list(customers.filter(pk__gt=last).order_by("pk").values_list(*names)[:_AT_ONCE]):
        keys, *texts = zip(*rows, strict=True)
        grams = rules.grams_column(*(pa.array(column, pa.string()) for column in texts))
        with editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE customers_customer SET search_grams = %s WHERE id = %s",
                list(zip(grams.to_pylist(), keys, strict=True)),
            )
        last = keys[-1]


def index(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else (_POSTGRESQL,):
        editor.execute(statement)


def no_index(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "sqlite":
        editor.execute("DROP INDEX customers_grams")
        return
    for what in ("removed", "changed"):
        editor.execute(f"DROP TRIGGER customers_grams_{what}")
    editor.execute("DROP TABLE customers_grams")


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_arrivals")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="search_grams",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, no_index),
    ]
