"""Up to which row of the ledger the log of a lot knows who was reached, and since when."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("holdouts", "0003_households")]

    operations = [
        migrations.AddField(
            model_name="holdout",
            name="ledger_until",
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="holdout",
            name="ledger_at",
            field=models.DateTimeField(null=True),
        ),
    ]
