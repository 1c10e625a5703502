from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_REFUSE = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
           BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END""",
        """CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
           BEGIN SELECT RAISE(ABORT, 'an audit entry is never deleted'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN
             RAISE EXCEPTION 'an audit entry is never changed or deleted'
               USING ERRCODE = 'integrity_constraint_violation';
           END $$""",
        """CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
           FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    ),
}
_ALLOW = {
    "sqlite": (
        "DROP TRIGGER audit_entry_is_never_changed",
        "DROP TRIGGER audit_entry_is_never_deleted",
    ),
    "postgresql": (
        "DROP TRIGGER audit_entry_is_kept ON audit_entry",
        "DROP FUNCTION audit_entry_refuse()",
    ),
}


def refuse(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _REFUSE[editor.connection.vendor]:
        editor.execute(statement)


def allow(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _ALLOW[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=100)),
                ("action", models.CharField(max_length=100)),
                ("subject_kind", models.CharField(max_length=50)),
                ("subject_id", models.CharField(blank=True, max_length=100)),
                ("detail", models.JSONField()),
            ],
            options={
                "db_table": "audit_entry",
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="audit_entry_subject"),
                    models.Index(fields=["actor"], name="audit_entry_actor"),
                ],
            },
        ),
        migrations.RunPython(refuse, allow),
        migrations.AlterModelOptions(name="entry", options={"managed": False}),
    ]
