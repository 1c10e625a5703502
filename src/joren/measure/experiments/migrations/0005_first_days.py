from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("experiments", "0004_variants"),
    ]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="first_days",
            field=models.JSONField(null=True),
        ),
    ]
