import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("reviews", "0001_reviews"),
        ("reviews", "0002_mailed"),
        ("reviews", "0003_reviewmail"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Cycle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_on", models.DateField(unique=True)),
                ("state", models.CharField(default="preparing", max_length=10)),
                ("decider_id", models.BigIntegerField(null=True)),
                ("criterion", models.TextField(blank=True)),
                ("criterion_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("opened_by", models.CharField(blank=True, max_length=100)),
                ("as_of", models.DateField(null=True)),
                ("agenda", models.JSONField(null=True)),
                ("notes", models.TextField(blank=True)),
                ("mailed_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("preparing", "open", "closed"))),
                        name="review_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "preparing"),
                            models.Q(
                                models.Q(("criterion", ""), _negated=True),
                                ("agenda__isnull", False),
                                ("decider_id__isnull", False),
                                ("criterion_at__lte", models.F("opened_at")),
                            ),
                            _connector="OR",
                        ),
                        name="review_criterion_comes_before_the_data",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("due_on", models.DateField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(blank=True, max_length=100)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="reviews.cycle",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewMail",
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
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="reviews.cycle",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "next_at"], name="review_mail_by_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "member_id"), name="review_mailed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("waiting", "done", "failed"))),
                        name="review_mail_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tuning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=10)),
                ("decision", models.CharField(max_length=10)),
                ("about", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("expected", models.TextField(blank=True)),
                ("holdout_id", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=100)),
                ("verdict", models.CharField(blank=True, max_length=10)),
                ("outcome", models.TextField(blank=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_by", models.CharField(blank=True, max_length=100)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tunings",
                        to="reviews.cycle",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ("goal", "service", "means", "lead_in"))),
                        name="tuning_part_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ("go_on", "scale", "change", "stop"))),
                        name="tuning_decision_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at__isnull", True), ("verdict", "")),
                            models.Q(
                                ("judged_at__isnull", False),
                                ("verdict__in", ("won", "lost", "unclear")),
                            ),
                            _connector="OR",
                        ),
                        name="tuning_is_judged_or_not",
                    ),
                ],
            },
        ),
    ]
