from django.db import migrations, models


def _sealed(table: str) -> migrations.SeparateDatabaseAndState:
    """Not by Django's own way, which makes the table anew on SQLite, without its triggers."""
    column = models.TextField(blank=True, db_default="", default="")
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE customers_{table} ADD COLUMN sealed text NOT NULL DEFAULT ''",
                f"ALTER TABLE customers_{table} DROP COLUMN sealed",
            )
        ],
        state_operations=[migrations.AddField(table, "sealed", column)],
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_where_identities_come_from")]

    operations = [
        migrations.CreateModel(
            name="Keyring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.TextField()),
            ],
        ),
        _sealed("customer"),
        migrations.AddField("customer", "email_token", models.TextField(db_index=True, null=True)),
        migrations.AddField("customer", "tail_token", models.TextField(db_index=True, null=True)),
        _sealed("identity"),
    ]
