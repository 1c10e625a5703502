import django.db.models.deletion
from django.db import migrations, models

import joren.plumbing.bulk


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_forget_open_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", joren.plumbing.bulk.RowId(primary_key=True, serialize=False)),
                ("token", models.TextField()),
                ("sealed", models.TextField()),
                ("prefecture", models.TextField(blank=True)),
                ("import_id", models.BigIntegerField(null=True)),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="customers.identity",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["import_id"], name="address_by_import")],
                "constraints": [models.UniqueConstraint(fields=("token",), name="address_once")],
            },
        ),
    ]
