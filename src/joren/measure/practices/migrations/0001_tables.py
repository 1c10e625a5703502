from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("practices", "0001_practices"),
        ("practices", "0002_decision"),
        ("practices", "0003_evidence"),
        ("practices", "0004_decisions"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("practice", models.CharField(max_length=30)),
                ("text", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="SelfAudit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.CharField(max_length=7, unique=True)),
                ("scores", models.JSONField()),
                ("held_at", models.DateTimeField()),
                ("held_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("practice", models.CharField(max_length=30)),
                ("kind", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("url", models.CharField(blank=True, max_length=2000)),
                ("stored", models.CharField(blank=True, max_length=32)),
                ("size", models.BigIntegerField(default=0)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("added_at", models.DateTimeField()),
                ("added_by", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [models.Index(fields=["practice"], name="evidence_by_practice")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "file"), ("stored__gt", ""), ("url", "")),
                            models.Q(("kind", "link"), ("stored", ""), ("url__gt", "")),
                            _connector="OR",
                        ),
                        name="evidence_is_a_file_or_a_link",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sha256", ""), _negated=True),
                        fields=("practice", "sha256"),
                        name="evidence_file_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=30)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("steps", models.JSONField(default=list)),
                ("evidence", models.TextField(blank=True)),
                ("decision", models.TextField(blank=True, db_default="", default="")),
                ("unit", models.CharField(default="customer", max_length=10)),
                ("cost", models.BigIntegerField(null=True)),
                ("started_on", models.DateField(null=True)),
                ("stopped_on", models.DateField(null=True)),
                ("holdout_id", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        fields=("code",),
                        name="practice_of_the_fifteen_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("name",),
                        name="practice_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ("customer", "order", "week", "store"))),
                        name="practice_unit_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost__isnull", True), ("cost__gte", 0), _connector="OR"
                        ),
                        name="practice_costs_nothing_less",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stopped_on__isnull", True),
                            ("stopped_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="practice_ends_after_it_began",
                    ),
                ],
            },
        ),
    ]
