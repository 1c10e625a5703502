"""When a review was mailed by itself."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_reviews")]

    operations = [
        migrations.AddField(
            model_name="cycle", name="mailed_on", field=models.DateField(null=True)
        ),
    ]
