"""What comes back by mail, and which address a message left for."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("act_messages", "0013_mailbox_of_suppression"),
    ]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField(
            "send", "address", models.CharField(max_length=24, blank=True, db_default="")
        ),
        migrations.RemoveConstraint("suppression", "suppression_reason_once"),
        migrations.AddConstraint(
            "suppression",
            models.UniqueConstraint(
                fields=["customer_id", "channel", "reason", "mailbox"],
                name="suppression_reason_once",
            ),
        ),
        migrations.CreateModel(
            "Returned",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("numbers", models.JSONField(default=list)),
                ("send_id", models.BigIntegerField(null=True)),
                ("recipient", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(default="new", max_length=10)),
                ("sealed", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["key"], name="returned_once"),
                ],
                "indexes": [models.Index(fields=["state", "id"], name="returned_by_state")],
            },
        ),
    ]
