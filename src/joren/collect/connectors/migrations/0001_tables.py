import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("connectors", "0001_imports_and_quarantine"),
        ("connectors", "0002_background_imports"),
        ("connectors", "0003_exchange_rates"),
        ("connectors", "0004_undo"),
        ("connectors", "0005_sealed_rows"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=500)),
                ("sha256", models.CharField(max_length=64)),
                ("settings", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(default=0)),
                ("store", models.CharField(blank=True, max_length=200)),
                ("format", models.CharField(blank=True, max_length=40)),
                ("mapping", models.JSONField(default=dict)),
                ("status", models.CharField(max_length=20)),
                ("rows_read", models.BigIntegerField(default=0)),
                ("accepted", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("updated", models.BigIntegerField(default=0)),
                ("quarantined", models.BigIntegerField(default=0)),
                ("notices", models.JSONField(default=list)),
                ("error_code", models.CharField(blank=True, max_length=60)),
                ("error", models.TextField(blank=True)),
                ("hint", models.TextField(blank=True)),
                ("started_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("actor", models.CharField(blank=True, max_length=100)),
                ("phase", models.CharField(blank=True, max_length=20)),
                ("share", models.FloatField(default=0.0)),
                ("cancelling", models.BooleanField(default=False)),
                ("upload", models.CharField(blank=True, max_length=300)),
                ("request_key", models.CharField(blank=True, max_length=64)),
                ("repairs", models.JSONField(default=list)),
                ("displaced", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["status", "id"], name="import_by_status"),
                    models.Index(fields=["sha256", "settings"], name="import_by_content"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("orders", "products", "customers", "ad_spend", "refunds", "rates"),
                            )
                        ),
                        name="import_kind_is_known",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            (
                                "rows_read",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("accepted"), "+", models.F("unchanged")
                                        ),
                                        "+",
                                        models.F("updated"),
                                    ),
                                    "+",
                                    models.F("quarantined"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="import_counts_every_row_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("request_key", ""), _negated=True),
                        fields=("request_key",),
                        name="import_request_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("store", models.CharField(blank=True, max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                ("mapping", models.JSONField()),
                ("file_name", models.CharField(blank=True, max_length=500)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.CharField(blank=True, max_length=100)),
                ("used_at", models.DateTimeField(null=True)),
                ("used", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "store", "fingerprint"), name="source_mapping_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarantinedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.BigIntegerField()),
                ("line", models.BigIntegerField(null=True)),
                ("group", models.CharField(blank=True, max_length=300)),
                ("column", models.CharField(blank=True, max_length=300)),
                ("value", models.TextField(blank=True)),
                ("expected", models.CharField(blank=True, max_length=300)),
                ("reason", models.TextField()),
                ("raw", models.JSONField()),
                ("state", models.CharField(default="waiting", max_length=20)),
                ("sealed", models.TextField(db_default="")),
                ("value_key", models.CharField(db_default="", max_length=40)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quarantine",
                        to="connectors.import",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "id"], name="quarantined_by_state"),
                    models.Index(
                        fields=["state", "column", "expected"], name="quarantined_by_fault"
                    ),
                    models.Index(fields=["source", "group"], name="quarantined_by_order"),
                    models.Index(
                        condition=models.Q(("sealed", "")), fields=["id"], name="quarantined_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "retried", "dropped"))),
                        name="quarantined_row_state_is_known",
                    )
                ],
            },
        ),
    ]
