"""Tests by area are actions too, in which somebody has a part."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0003_training")]

    operations = [
        migrations.RemoveConstraint(model_name="part", name="team_kind_is_known"),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=(
                        "campaign", "journey", "practice", "initiative", "segment", "holdout",
                        "area_test",
                    )
                ),
                name="team_kind_is_known",
            ),
        ),
    ]  # fmt: skip
