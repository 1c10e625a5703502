import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("journeys", "0001_journeys"),
        ("journeys", "0002_heard_orders"),
        ("journeys", "0003_lots_and_stores"),
        ("journeys", "0004_lots_so_far"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("upto", models.BigIntegerField(default=0)),
                ("done", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version_id", models.BigIntegerField(db_index=True)),
                ("node", models.PositiveIntegerField()),
                ("way", models.SmallIntegerField()),
                ("held_out", models.BooleanField()),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=64)),
                ("value", models.CharField(max_length=200)),
                ("journey_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer_id", "name"), name="journey_attribute_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("enrolment_id", models.BigIntegerField()),
                ("step", models.PositiveIntegerField()),
                ("journey_id", models.BigIntegerField(db_index=True)),
                ("customer_id", models.BigIntegerField(db_index=True)),
                ("title", models.CharField(max_length=200)),
                ("owner", models.CharField(blank=True, max_length=100)),
                ("made_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment_id", "step"), name="journey_duty_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("store_id", models.BigIntegerField(null=True)),
                ("customer_id", models.BigIntegerField()),
                ("order_number", models.CharField(max_length=200)),
                ("told_by", models.CharField(db_index=True, max_length=40)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "indexes": [models.Index(fields=["customer_id"], name="journey_heard_by_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store_id", "order_number"), name="journey_order_heard_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Journey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("draft", models.JSONField()),
                ("version", models.PositiveIntegerField(default=0)),
                ("holdout", models.BigIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=("name",),
                        name="journey_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("draft", "running", "paused", "ended"))),
                        name="journey_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout", models.BigIntegerField(unique=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="journeys.journey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("enrolment_id", models.BigIntegerField()),
                ("step", models.PositiveIntegerField()),
                ("version_id", models.BigIntegerField()),
                ("node", models.PositiveIntegerField()),
                ("way", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment_id", "step"), name="journey_passed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("customer_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("properties", models.JSONField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer_id", "id"], name="journey_signal_by_customer")
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("errands", models.JSONField(default=dict)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=100)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="journeys.journey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_id", models.BigIntegerField()),
                ("occurrence", models.PositiveIntegerField()),
                ("node", models.PositiveIntegerField()),
                ("standing", models.CharField(default="active", max_length=10)),
                ("due_at", models.DateTimeField(null=True)),
                ("lot", models.BigIntegerField(null=True)),
                ("muted", models.BooleanField(default=False)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("began_at", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                ("cause", models.JSONField()),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="journeys.journey",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="journeys.version",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("journey", "number"), name="journey_version_once"
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                models.F("version"),
                models.F("node"),
                models.F("due_at"),
                condition=models.Q(("due_at__isnull", False)),
                name="journey_due",
            ),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["customer_id"], name="journey_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("journey", "customer_id", "occurrence"), name="journey_entered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ("active", "done", "goal", "left"))),
                name="journey_standing_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", False), ("standing", "active")),
                    models.Q(
                        models.Q(("standing", "active"), _negated=True), ("due_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="journey_active_are_due",
            ),
        ),
    ]
