from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_customer_merged")]

    operations = [
        migrations.CreateModel(
            name="Placeholder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.TextField()),
                ("sealed", models.TextField()),
                ("numbers", models.BigIntegerField(null=True)),
                ("real", models.BooleanField(default=False)),
                ("by", models.TextField()),
                ("why", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key",), name="placeholder_once")]
            },
        )
    ]
