import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("exports", "0001_schedules"),
        ("exports", "0002_content"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("segment_id", models.BigIntegerField()),
                ("content", models.CharField(default="labels", max_length=10)),
                ("encoding", models.CharField(max_length=10)),
                ("every", models.CharField(max_length=10)),
                ("day", models.IntegerField()),
                ("hour", models.IntegerField()),
                ("keep_days", models.IntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=100)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("content__in", ("labels", "customers"))),
                        name="export_content_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(default=1)),
                ("state", models.CharField(max_length=10)),
                ("people", models.IntegerField(default=0)),
                ("said", models.TextField(blank=True)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="exports.schedule"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("schedule", "due_at"), name="export_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("writing", "kept", "failed", "gone"))),
                        name="export_file_state_is_known",
                    ),
                ],
            },
        ),
    ]
