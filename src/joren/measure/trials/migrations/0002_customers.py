"""Trials by customers, who are drawn with their household as they order."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trials", "0001_trials")]

    operations = [
        migrations.AddField(
            model_name="trial", name="holdout", field=models.BigIntegerField(null=True)
        ),
        migrations.RemoveConstraint(model_name="trial", name="trial_unit_is_known"),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__in", ("order", "customer", "week", "store"))),
                name="trial_unit_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("holdout__isnull", False), ("unit", "customer")),
                    models.Q(
                        models.Q(("unit", "customer"), _negated=True), ("holdout__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="trial_by_customer_has_a_lot",
            ),
        ),
    ]
