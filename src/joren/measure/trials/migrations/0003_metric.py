"""What decides a trial; those before were told in money."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trials", "0002_customers")]

    operations = [
        migrations.AddField(
            model_name="trial",
            name="metric",
            field=models.CharField(db_default="money", default="money", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    metric__in=("money", "orders", "repeat", "profit_per_order", "returns")
                ),
                name="trial_metric_is_known",
            ),
        ),
    ]
