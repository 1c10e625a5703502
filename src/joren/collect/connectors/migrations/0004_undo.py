from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectors", "0003_exchange_rates"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="import",
            name="import_status_is_known",
        ),
        migrations.AddField(
            model_name="import",
            name="displaced",
            field=models.JSONField(default=list),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        (
                            "held",
                            "waiting",
                            "reading",
                            "applying",
                            "done",
                            "refused",
                            "failed",
                            "cancelled",
                            "undone",
                        ),
                    )
                ),
                name="import_status_is_known",
            ),
        ),
    ]
