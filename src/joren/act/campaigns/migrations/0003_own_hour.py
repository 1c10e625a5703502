"""A campaign at the hour of each, with a part at the usual one."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("campaigns", "0002_winner")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField("campaign", "own_hour", models.BooleanField(db_default=False)),
        migrations.AddField("campaign", "usual_part", models.FloatField(db_default=0.3)),
    ]
