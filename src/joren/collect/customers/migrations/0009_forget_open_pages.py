"""What was dropped lies in the file's free pages until they are written anew."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rewrite(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if not apps.get_model("customers", "Customer").objects.exists():
        return
    if editor.connection.vendor == "sqlite":
        editor.execute("INSERT INTO customers_grams (customers_grams) VALUES ('rebuild')")
        editor.execute("VACUUM")
        editor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        for table in ("customer", "identity", "apart"):
            editor.execute(f"VACUUM FULL customers_{table}")


class Migration(migrations.Migration):
    atomic = False  # a file is not written anew within a transaction
    dependencies = [("customers", "0008_no_open_contacts")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
