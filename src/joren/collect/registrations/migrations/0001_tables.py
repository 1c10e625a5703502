import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("registrations", "0001_programmes_and_registrations"),
        ("registrations", "0002_shops_are_folded"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visitor", models.CharField(max_length=32)),
                ("stretch", models.BigIntegerField()),
                ("tries", models.IntegerField(default=0)),
                ("wrong", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("visitor", "stretch"), name="attempt_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("store", models.CharField(max_length=200)),
                ("sku", models.CharField(blank=True, max_length=100)),
                ("product_name", models.CharField(blank=True, max_length=200)),
                ("takes", models.CharField(max_length=10)),
                ("source_id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("slug",), name="programme_address_once"),
                    models.CheckConstraint(
                        condition=models.Q(("takes__in", ("serials", "receipts"))),
                        name="programme_takes_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("known_by", models.CharField(max_length=300)),
                ("who", models.CharField(max_length=32)),
                ("registered_at", models.DateTimeField()),
                ("agreed", models.BooleanField(default=False)),
                ("handed_on", models.BooleanField(default=False)),
                ("pending", models.TextField(blank=True)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="registrations.programme"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("pending", ""), _negated=True),
                        fields=["id"],
                        name="registration_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "known_by"), name="registration_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.CharField(max_length=64)),
                ("sku", models.CharField(blank=True, max_length=100)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="registrations.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "serial"), name="serial_once")
                ],
            },
        ),
    ]
