"""What was decided by what a practice brought."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_practices")]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="decision",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
