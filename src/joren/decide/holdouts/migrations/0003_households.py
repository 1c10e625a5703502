"""A household has one place between its customers, and a practice may be dealt by customers."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("holdouts", "0002_standing")]

    operations = [
        migrations.RemoveConstraint(model_name="place", name="place_once"),
        migrations.AddIndex(
            model_name="place",
            index=models.Index(fields=["holdout", "stratum", "place"], name="place_by_stratum"),
        ),
        migrations.RemoveConstraint(model_name="holdout", name="holdout_kind_is_known"),
        migrations.AddConstraint(
            model_name="holdout",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("segment", "global", "standing", "trial"))),
                name="holdout_kind_is_known",
            ),
        ),
    ]
