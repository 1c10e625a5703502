"""The shop chooses the window of its F2 rate; until now it was 90 days for all."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ranks", "0001_rank_rules")]

    operations: ClassVar = [
        migrations.AddField("rankrulesversion", "f2_days", models.PositiveIntegerField(default=90)),
    ]
