"""How far the turns of a limit are promised."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("act_messages", "0015_strangers")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField("pace", "promised_until", models.DateTimeField(null=True)),
        migrations.AddField("pace", "promised_on", models.DateField(null=True)),
        migrations.AddField("pace", "promised", models.PositiveIntegerField(db_default=0)),
    ]
