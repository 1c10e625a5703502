"""Files and links that show a practice."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practices", "0002_decision"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("practice", models.CharField(max_length=30)),
                ("kind", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("url", models.CharField(blank=True, max_length=2000)),
                ("stored", models.CharField(blank=True, max_length=32)),
                ("size", models.BigIntegerField(default=0)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [models.Index(fields=["practice"], name="evidence_by_practice")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "file"), ("stored__gt", ""), ("url", "")),
                            models.Q(("kind", "link"), ("stored", ""), ("url__gt", "")),
                            _connector="OR",
                        ),
                        name="evidence_is_a_file_or_a_link",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sha256", ""), _negated=True),
                        fields=("practice", "sha256"),
                        name="evidence_file_once",
                    ),
                ],
            },
        ),
    ]
