"""Which sign-ups a program of the shop made, which no visit can belong to."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("forms", "0001_forms")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddField("signup", "by_program", models.BooleanField(db_default=False)),
    ]
