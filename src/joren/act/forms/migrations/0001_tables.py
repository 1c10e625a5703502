import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("forms", "0001_forms"),
        ("forms", "0002_signups_by_programs"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Form",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=100)),
                ("store", models.CharField(max_length=200)),
                ("source_id", models.BigIntegerField()),
                ("state", models.CharField(max_length=10)),
                ("salt", models.CharField(max_length=32)),
                ("version", models.PositiveIntegerField()),
                ("live", models.PositiveIntegerField(null=True)),
                ("round", models.PositiveIntegerField(db_default=0)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("slug",), name="form_address_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("draft", "live", "paused", "archived"))),
                        name="form_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveIntegerField()),
                ("visitor", models.CharField(blank=True, max_length=32)),
                ("variant", models.CharField(max_length=1)),
                ("at", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="forms.form"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Signup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=32)),
                ("version", models.PositiveIntegerField()),
                ("variant", models.CharField(max_length=1)),
                ("by_program", models.BooleanField(db_default=False)),
                ("language", models.CharField(max_length=2)),
                ("wording", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("pending", models.TextField(blank=True)),
                ("handed_on", models.BooleanField(default=False)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("request", models.BigIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "form",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="forms.form"),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="forms.visit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="forms.form",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("form", "number"), name="form_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="forms.form",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("form", "number"), name="form_round_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["form", "round", "variant", "at"], name="form_visits"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("visitor", ""), _negated=True),
                fields=("form", "round", "visitor"),
                name="form_visitor_once",
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(
                condition=models.Q(("pending", ""), _negated=True),
                fields=["id"],
                name="form_signup_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(
                condition=models.Q(("confirmed_at", None), ("request__isnull", False)),
                fields=["asked_at"],
                name="form_signup_open",
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["customer_id"], name="form_signup_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("who", ""), _negated=True),
                fields=("form", "who"),
                name="form_signup_once",
            ),
        ),
    ]
