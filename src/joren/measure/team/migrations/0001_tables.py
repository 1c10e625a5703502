import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("team", "0001_team"),
        ("team", "0002_topics"),
        ("team", "0003_training"),
        ("team", "0004_area_tests"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EvidenceTold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holdout_id", models.BigIntegerField(unique=True)),
                ("evidence", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField()),
                ("title", models.CharField(max_length=200)),
                ("notes", models.TextField()),
                ("present", models.JSONField(default=list)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member_id", models.BigIntegerField(unique=True)),
                ("off", models.JSONField(default=list)),
                ("language", models.CharField(default="ja", max_length=2)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=20)),
                ("mark", models.CharField(max_length=100, unique=True)),
                ("about", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
                ("subject", models.CharField(blank=True, max_length=20)),
                ("key", models.CharField(blank=True, max_length=30)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                (
                                    "review_due",
                                    "review_overdue",
                                    "action_due",
                                    "action_overdue",
                                    "guard_stopped",
                                    "guard_alarm",
                                    "evidence_changed",
                                    "verdict_reached",
                                    "import_failed",
                                ),
                            )
                        ),
                        name="notice_topic_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=30)),
                ("duty", models.CharField(max_length=10)),
                ("member_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key", "duty", "member_id"), name="team_part_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("duty__in", ("owner", "decider"))),
                        fields=("kind", "key", "duty"),
                        name="team_owner_and_decider_alone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "campaign",
                                    "journey",
                                    "practice",
                                    "initiative",
                                    "segment",
                                    "holdout",
                                    "area_test",
                                ),
                            )
                        ),
                        name="team_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duty__in", ("owner", "decider", "consulted", "informed"))
                        ),
                        name="team_duty_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Praise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=200)),
                ("why", models.TextField(blank=True)),
                ("on", models.DateField()),
                ("source", models.CharField(blank=True, max_length=10)),
                ("key", models.CharField(blank=True, max_length=30)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("member_id", "source", "key"),
                        name="team_thanked_once_for_a_result",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("minutes", models.PositiveIntegerField()),
                ("evidence", models.TextField(blank=True)),
                ("practice", models.CharField(blank=True, max_length=30)),
                ("said_at", models.DateTimeField()),
                ("said_by", models.CharField(max_length=100)),
            ],
            options={
                "indexes": [models.Index(fields=["on"], name="team_training_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="team_training_takes_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("member_id", models.BigIntegerField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="team.notice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "next_at"], name="notice_mail_by_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "member_id"), name="notice_mailed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "done", "failed"))),
                        name="notice_mail_state_is_known",
                    ),
                ],
            },
        ),
    ]
