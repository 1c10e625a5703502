import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("holdouts", "0001_holdouts"),
        ("holdouts", "0002_standing"),
        ("holdouts", "0003_households"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="GlobalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("share", models.FloatField()),
                ("reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="GloballyHeld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lot", models.BigIntegerField()),
                ("customer_id", models.BigIntegerField()),
                ("until", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer_id", "lot"), name="globally_held_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Holdout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("kind", models.CharField(default="segment", max_length=10)),
                ("segment_id", models.BigIntegerField(null=True)),
                ("segment_version", models.PositiveIntegerField(null=True)),
                ("block", models.PositiveIntegerField()),
                ("held", models.PositiveIntegerField()),
                ("salt", models.CharField(max_length=64)),
                ("snapshot_id", models.BigIntegerField(null=True)),
                ("as_of", models.DateField(null=True)),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.CharField(max_length=100)),
                ("note", models.TextField(blank=True)),
                ("treated", models.BigIntegerField()),
                ("held_out", models.BigIntegerField()),
                ("treated_on", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="holdout_name_once"),
                    models.UniqueConstraint(fields=("salt",), name="holdout_salt_once"),
                    models.CheckConstraint(
                        condition=models.Q(("held__gte", 1), ("held__lt", models.F("block"))),
                        name="holdout_leaves_out_some",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("segment", "global", "standing", "trial"))
                        ),
                        name="holdout_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("stratum", models.PositiveIntegerField()),
                ("place", models.BigIntegerField()),
                ("held_out", models.BooleanField()),
                ("drawn_at", models.DateTimeField()),
                (
                    "holdout",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="holdouts.holdout",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["holdout", "stratum", "place"], name="place_by_stratum")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("holdout", "customer_id"), name="placed_once")
                ],
            },
        ),
    ]
