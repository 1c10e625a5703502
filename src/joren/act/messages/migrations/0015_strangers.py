"""Friends on LINE who are no customers yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("act_messages", "0014_returned")]

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.AddIndex(
            "feedback",
            models.Index(
                fields=["received_at"],
                condition=models.Q(state="stranger"),
                name="feedback_of_strangers",
            ),
        ),
    ]
