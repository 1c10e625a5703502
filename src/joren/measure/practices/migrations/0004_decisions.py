"""Every word that was decided on a practice stays; the newest ones are copied."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

OWN = "own-"


def copy_newest(apps: Any, _schema: Any) -> None:
    """What was decided before stands with the day of its row's last change."""
    practices, decisions = (apps.get_model("practices", name) for name in ("Practice", "Decision"))
    decisions.objects.bulk_create(
        decisions(
            practice=row.code or f"{OWN}{row.pk}", text=row.decision, decided_at=row.changed_at,
            decided_by=row.changed_by,
        )
        for row in practices.objects.exclude(decision="").exclude(changed_at=None)
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("practices", "0003_evidence")]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("practice", models.CharField(max_length=30)),
                ("text", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.RunPython(copy_newest, migrations.RunPython.noop),
    ]
