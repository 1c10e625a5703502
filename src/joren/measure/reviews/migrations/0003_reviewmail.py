"""One mail of a review for each member."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_mailed")]

    operations = [
        migrations.CreateModel(
            name="ReviewMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member_id", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="reviews.cycle",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "next_at"], name="review_mail_by_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "member_id"), name="review_mailed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state__in=("waiting", "done", "failed")),
                        name="review_mail_state_is_known",
                    ),
                ],
            },
        ),
    ]
