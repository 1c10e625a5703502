from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0005_answered")]

    operations = [
        migrations.AddField(
            "signal", "fault", models.CharField(blank=True, db_default="", max_length=200)
        ),
    ]
