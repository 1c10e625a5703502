"""Identities say where they came from, a phone's key who answers it, and a merge why.

Until now the first name that answered a phone had the phone's bare key, so that whose a later row
was depended on the order in which rows came. Now each key says the name.
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_NAMED = """
    UPDATE customers_identity SET key = key || '|' || rtrim(holder, '*')
    WHERE key LIKE 'p:%' AND key NOT LIKE '%|%' AND rtrim(holder, '*') <> ''
"""


def name_phones(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(_NAMED, None)


def remember(apps: Any, _editor: BaseDatabaseSchemaEditor) -> None:
    """Merges that were undone by hand are people kept apart."""
    identities = apps.get_model("customers", "Identity").objects
    apart = apps.get_model("customers", "Apart").objects
    for merge in apps.get_model("customers", "Merge").objects.filter(undone_at__isnull=False):
        keys = [
            identities.filter(customer_id=one).order_by("pk").values_list("key", flat=True).first()
            for one in (merge.winner_id, merge.loser_id)
        ]
        if all(keys):
            one, other = sorted(keys)
            what = {"by": "", "why": f"merge {merge.pk} was undone", "at": merge.undone_at}
            apart.get_or_create(one_key=one, other_key=other, defaults=what)


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_devices")]

    operations = [
        migrations.AddField("identity", "import_id", models.BigIntegerField(null=True)),
        migrations.AddField("identity", "first_seen_on", models.DateField(null=True)),
        migrations.AddField("identity", "last_seen_on", models.DateField(null=True)),
        migrations.RunPython(name_phones, migrations.RunPython.noop),
        migrations.RemoveField("identity", "holder"),
        migrations.AddField("merge", "filled", models.JSONField(default=list)),
        migrations.AddField("merge", "by", models.TextField(blank=True, default="")),
        migrations.AddField("merge", "why", models.TextField(blank=True, default="")),
        migrations.AddField("merge", "evidence", models.JSONField(default=list)),
        migrations.AddField("merge", "undone_by", models.TextField(blank=True, default="")),
        migrations.AlterField("merge", "import_id", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="Double",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("evidence", models.BigIntegerField()),
                ("score", models.BigIntegerField()),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="double_once"),
                    models.CheckConstraint(
                        condition=models.Q(one__lt=models.F("other")), name="double_older_first"
                    ),
                ],
                "indexes": [models.Index(fields=["-score", "id"], name="double_by_score")],
            },
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
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
