from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("experiments", "0003_projections"),
    ]

    operations = [
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
    ]
