import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("trials", "0001_trials"),
        ("trials", "0002_customers"),
        ("trials", "0003_metric"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("practice", models.CharField(max_length=30)),
                ("unit", models.CharField(max_length=10)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("horizon_days", models.PositiveIntegerField()),
                ("period_days", models.PositiveIntegerField()),
                ("washout_days", models.PositiveIntegerField()),
                ("metric", models.CharField(db_default="money", default="money", max_length=20)),
                ("holdout", models.BigIntegerField(null=True)),
                ("stores", models.JSONField(default=list)),
                ("salt", models.CharField(max_length=32)),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ("order", "customer", "week", "store"))),
                        name="trial_unit_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "metric__in",
                                ("money", "orders", "repeat", "profit_per_order", "returns"),
                            )
                        ),
                        name="trial_metric_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))),
                        name="trial_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holdout__isnull", False), ("unit", "customer")),
                            models.Q(
                                models.Q(("unit", "customer"), _negated=True),
                                ("holdout__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="trial_by_customer_has_a_lot",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("number", models.BigIntegerField()),
                ("given", models.BooleanField()),
                ("on", models.DateField(null=True)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=100)),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exposures",
                        to="trials.trial",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("trial", "kind", "number"), name="exposure_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("order", "customer"))),
                        name="exposure_kind_is_known",
                    ),
                ],
            },
        ),
    ]
