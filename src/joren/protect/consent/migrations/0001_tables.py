from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import joren.plumbing.bulk

_KEPT = ("consent_entry", "consent_wording")


def refuse(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Rows go with their person; none is ever another than it was."""
    for table in _KEPT:
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
            )
            continue
        editor.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} is never changed' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        editor.execute(
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )


def allow(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table in _KEPT:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {table}_is_never_changed")
        else:
            editor.execute(f"DROP TRIGGER {table}_is_never_changed ON {table}")
            editor.execute(f"DROP FUNCTION {table}_refuse()")


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("consent", "0001_ledger"),
        ("consent", "0002_wording_scope"),
        ("consent", "0003_requests"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("offered", models.JSONField()),
                ("relies_on", models.JSONField()),
                ("confirm_days", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("customer_id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("handle", models.CharField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("handle",), name="recipient_handle_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(max_length=20)),
                ("purpose", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                ("scope", models.CharField(blank=True, db_default="", max_length=80)),
                ("version", models.IntegerField()),
                ("text", models.TextField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "purpose", "language", "scope", "version"),
                        name="wording_version_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("channel", models.CharField(max_length=20)),
                ("purpose", models.CharField(max_length=20)),
                ("act", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", models.CharField(max_length=100)),
                ("basis", models.CharField(blank=True, max_length=30)),
                ("proof", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("undoes", models.BigIntegerField(null=True)),
                (
                    "wording",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="consent.wording",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("act", "requested")),
                        fields=["id"],
                        name="consent_requests",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "customer_id",
                            "channel",
                            "purpose",
                            "act",
                            "at",
                            "source",
                            "proof",
                        ),
                        name="consent_said_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undoes__isnull", False)),
                        fields=("undoes",),
                        name="consent_undone_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ("requested", "granted", "relied", "withdrawn", "undone"))
                        ),
                        name="consent_act_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                (
                                    "form",
                                    "import",
                                    "api",
                                    "staff",
                                    "preference_page",
                                    "one_click",
                                    "confirmation",
                                    "line",
                                    "shopify",
                                ),
                            )
                        ),
                        name="consent_source_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ("withdrawn", "undone")),
                            models.Q(
                                ("channel", "*"), ("purpose", "*"), _connector="OR", _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="consent_is_given_to_one_matter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose", "transactional"), _negated=True),
                        name="consent_to_transactional_is_not_asked",
                    ),
                ],
            },
        ),
        migrations.RunPython(refuse, allow),
    ]
