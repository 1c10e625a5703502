from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("experiments", "0005_first_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="uncorrected",
            field=models.FloatField(null=True),
        ),
    ]
