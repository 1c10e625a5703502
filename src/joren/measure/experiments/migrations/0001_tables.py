from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("experiments", "0001_readings"),
        ("experiments", "0002_plans"),
        ("experiments", "0003_projections"),
        ("experiments", "0004_variants"),
        ("experiments", "0005_first_days"),
        ("experiments", "0006_uncorrected"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout_id", models.BigIntegerField(unique=True)),
                ("on", models.DateField()),
                ("metric", models.CharField(max_length=10)),
                ("each", models.FloatField()),
                ("error", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout_id", models.BigIntegerField(unique=True)),
                ("horizon_days", models.PositiveIntegerField()),
                ("looks", models.JSONField()),
                ("customers", models.BigIntegerField()),
                ("lift", models.FloatField()),
                ("made_at", models.DateTimeField()),
                ("made_on", models.DateField()),
                ("made_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="VariantLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("campaign_id", models.BigIntegerField(unique=True)),
                ("on", models.DateField()),
                ("evidence", models.CharField(max_length=20)),
                ("document", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Cost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("amount", models.BigIntegerField()),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("holdout_id", "kind"), name="effect_cost_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("messages", "coupons", "points", "goods", "other"))
                        ),
                        name="effect_cost_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="effect_cost_is_no_gain"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("share", models.FloatField()),
                ("on", models.DateField()),
                ("document", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("holdout_id", "number"), name="effect_look_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout_id", models.BigIntegerField()),
                ("snapshot_id", models.BigIntegerField()),
                ("as_of", models.DateField()),
                ("footing", models.CharField(max_length=32)),
                ("evidence", models.CharField(max_length=20)),
                ("metric", models.CharField(max_length=10)),
                ("each", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("age", models.PositiveIntegerField(null=True)),
                ("projected", models.FloatField(null=True)),
                ("projected_low", models.FloatField(null=True)),
                ("projected_high", models.FloatField(null=True)),
                ("projected_error", models.FloatField(null=True)),
                ("uncorrected", models.FloatField(null=True)),
                ("document", models.JSONField(null=True)),
                ("first_days", models.JSONField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("holdout_id", "snapshot_id"), name="effect_read_once"
                    )
                ],
            },
        ),
    ]
