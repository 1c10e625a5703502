from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("days", models.IntegerField(null=True)),
                ("last_run", models.DateTimeField(null=True)),
                ("last_count", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=12)),
                ("customer_id", models.BigIntegerField()),
                ("customers", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("asked_by", models.CharField(max_length=100)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("suppress", models.BooleanField(default=False)),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("error", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="asked_for_by_state"),
                    models.Index(fields=["customer_id"], name="asked_for_by_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("uid",), name="asked_for_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("export", "erasure"))),
                        name="asked_for_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("open", "waiting", "running", "done", "withdrawn", "unverified"),
                            )
                        ),
                        name="asked_for_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(db_index=True, max_length=64)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="erasure.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "digest"), name="erasure_proof_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("eraser", models.CharField(max_length=40)),
                ("counts", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="erasure.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "eraser"), name="erasure_step_once")
                ],
            },
        ),
    ]
