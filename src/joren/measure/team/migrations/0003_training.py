"""The training record."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0002_topics")]

    operations = [
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("minutes", models.PositiveIntegerField()),
                ("evidence", models.TextField(blank=True)),
                ("practice", models.CharField(blank=True, max_length=30)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [models.Index(fields=["on"], name="team_training_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="team_training_takes_time"
                    )
                ],
            },
        ),
    ]
