from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("ranks", "0001_rank_rules"),
        ("ranks", "0002_f2_window"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RankRulesVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
                ("rfm", models.CharField(max_length=20)),
                ("recency_days", models.JSONField()),
                ("purchases", models.JSONField()),
                ("spend", models.JSONField(null=True)),
                ("active_days", models.PositiveIntegerField()),
                ("settled_days", models.PositiveIntegerField()),
                ("loyal_days", models.PositiveIntegerField()),
                ("big_spend", models.PositiveBigIntegerField(null=True)),
                ("vip_enter", models.PositiveIntegerField()),
                ("vip_keep", models.PositiveIntegerField()),
                ("vip_share_alarm", models.PositiveIntegerField()),
                ("vip_share_fall", models.PositiveIntegerField()),
                ("f2_days", models.PositiveIntegerField(default=90)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rfm__in", ("quantiles", "thresholds"))),
                        name="rank_rules_rfm_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("settled_days__lt", models.F("loyal_days"))),
                        name="rank_rules_settled_before_loyal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vip_enter__lte", models.F("vip_keep"))),
                        name="rank_rules_vip_kept_once_entered",
                    ),
                ],
            },
        ),
    ]
