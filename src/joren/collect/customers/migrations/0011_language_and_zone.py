from django.db import migrations, models


def _said(column: str) -> migrations.SeparateDatabaseAndState:
    """Not by Django's own way, which makes the table anew on SQLite, without its triggers."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE customers_customer ADD COLUMN {column} text NOT NULL DEFAULT ''",
                f"ALTER TABLE customers_customer DROP COLUMN {column}",
            )
        ],
        state_operations=[
            migrations.AddField(
                "customer", column, models.TextField(blank=True, db_default="", default="")
            )
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_addresses")]

    operations = [
        _said("language"),
        _said("time_zone"),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["time_zone"], name="customer_by_zone", condition=models.Q(time_zone__gt="")
            ),
        ),
    ]
