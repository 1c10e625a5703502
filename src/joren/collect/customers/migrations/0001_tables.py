"""People, and an index of the pairs of characters of their names: they are found by any part."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import joren.plumbing.bulk

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
    initial = True

    replaces = [
        ("customers", "0001_people"),
        ("customers", "0002_arrivals"),
        ("customers", "0003_inner_parts_of_names"),
        ("customers", "0004_devices"),
        ("customers", "0005_where_identities_come_from"),
        ("customers", "0006_sealed_contacts"),
        ("customers", "0007_seal"),
        ("customers", "0008_no_open_contacts"),
        ("customers", "0009_forget_open_pages"),
        ("customers", "0010_addresses"),
        ("customers", "0011_language_and_zone"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("import_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_customer", models.BigIntegerField(null=True)),
                ("last_customer", models.BigIntegerField(null=True)),
                ("first_identity", models.BigIntegerField(null=True)),
                ("last_identity", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Heard",
            fields=[
                ("identity_id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Keyring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="NextId",
            fields=[
                ("kind", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("next", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("one_key", models.TextField()),
                ("other_key", models.TextField()),
                ("by", models.TextField()),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("one_key", "other_key"), name="apart_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("sealed", models.TextField(blank=True, db_default="", default="")),
                ("prefecture", models.TextField(blank=True)),
                ("birthday", models.DateField(null=True)),
                ("gender", models.TextField(blank=True)),
                ("acquisition_source", models.TextField(blank=True)),
                ("language", models.TextField(blank=True, db_default="", default="")),
                ("time_zone", models.TextField(blank=True, db_default="", default="")),
                ("registered_at", models.DateTimeField(null=True)),
                ("search_grams", models.TextField(blank=True, default="")),
                ("email_token", models.TextField(db_index=True, null=True)),
                ("tail_token", models.TextField(db_index=True, null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("anonymous_id", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("anonymous_id",), name="device_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Double",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("evidence", models.BigIntegerField()),
                ("score", models.BigIntegerField()),
                ("found_at", models.DateTimeField()),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("sealed", models.TextField(blank=True, db_default="", default="")),
                ("import_id", models.BigIntegerField(null=True)),
                ("first_seen_on", models.DateField(null=True)),
                ("last_seen_on", models.DateField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identities",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeviceLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device_id", models.BigIntegerField()),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="customers.identity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("token", models.TextField()),
                ("sealed", models.TextField()),
                ("prefecture", models.TextField(blank=True)),
                ("import_id", models.BigIntegerField(null=True)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="customers.identity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identities", models.JSONField()),
                ("filled", models.JSONField(default=list)),
                ("import_id", models.BigIntegerField(null=True)),
                ("by", models.TextField(blank=True, default="")),
                ("why", models.TextField(blank=True, default="")),
                ("evidence", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.TextField(blank=True, default="")),
                (
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lost",
                        to="customers.customer",
                    ),
                ),
                (
                    "winner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="won",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("default_tax_rate", models.IntegerField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name",), name="store_name_once")],
            },
        ),
        migrations.AddField(
            model_name="identity",
            name="store",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="customers.store",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("time_zone__gt", "")),
                fields=["time_zone"],
                name="customer_by_zone",
            ),
        ),
        migrations.AddIndex(
            model_name="double",
            index=models.Index(fields=["-score", "id"], name="double_by_score"),
        ),
        migrations.AddConstraint(
            model_name="double",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="double_once"),
        ),
        migrations.AddConstraint(
            model_name="double",
            constraint=models.CheckConstraint(
                condition=models.Q(("one__lt", models.F("other"))), name="double_older_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="devicelink",
            constraint=models.UniqueConstraint(
                fields=("device_id", "identity"), name="device_link_once"
            ),
        ),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(fields=["import_id"], name="address_by_import"),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(fields=("token",), name="address_once"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                fields=("import_id", "loser"), name="merge_once_per_import"
            ),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.UniqueConstraint(fields=("key",), name="identity_key_once"),
        ),
        migrations.RunPython(index, no_index),
    ]
