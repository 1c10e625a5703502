from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def refuse_again(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew to add a column, and loses what stood guard over it."""
    if editor.connection.vendor != "sqlite":
        return
    for table in ("consent_entry", "consent_wording"):
        editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_is_never_changed BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0002_wording_scope"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("act", "requested")), fields=["id"], name="consent_requests"
            ),
        ),
        migrations.RunPython(refuse_again, migrations.RunPython.noop),
    ]
