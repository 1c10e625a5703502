"""What people waited for while their journey was paused."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("journeys", "0004_lots_so_far")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField("enrolment", "answered_at", models.DateTimeField(null=True)),
    ]
