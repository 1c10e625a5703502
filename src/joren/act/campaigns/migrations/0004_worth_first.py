"""Campaigns ask by what their customers are worth, the best first."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("campaigns", "0003_own_hour")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField("campaign", "worth_until", models.BigIntegerField(null=True)),
        migrations.AddField("campaign", "worth_as_of", models.BigIntegerField(null=True)),
    ]
