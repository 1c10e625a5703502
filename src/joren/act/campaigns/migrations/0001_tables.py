from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("campaigns", "0001_campaigns"),
        ("campaigns", "0002_winner"),
        ("campaigns", "0003_own_hour"),
        ("campaigns", "0004_worth_first"),
        ("campaigns", "0005_their_clock"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("segment_id", models.BigIntegerField()),
                ("variants", models.JSONField()),
                ("send_at", models.DateTimeField(null=True)),
                ("expires_hours", models.PositiveIntegerField()),
                ("share", models.FloatField()),
                ("reason", models.TextField(blank=True)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("salt", models.CharField(max_length=32)),
                ("holdout_id", models.BigIntegerField(null=True)),
                ("asked_until", models.BigIntegerField(default=0)),
                ("worth_until", models.BigIntegerField(null=True)),
                ("worth_as_of", models.BigIntegerField(null=True)),
                ("asked", models.BigIntegerField(default=0)),
                ("made_by", models.CharField(max_length=100)),
                ("changed_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(blank=True)),
                ("test_share", models.FloatField(default=1.0)),
                ("look_days", models.PositiveIntegerField(default=28)),
                ("sends_winner", models.BooleanField(default=False)),
                ("own_hour", models.BooleanField(db_default=False)),
                ("usual_part", models.FloatField(db_default=0.3)),
                ("their_clock", models.BooleanField(db_default=False)),
                ("winner", models.PositiveSmallIntegerField(default=0)),
                ("rest_begun_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "send_at"], name="campaign_by_moment")],
                "constraints": [
                    models.UniqueConstraint(fields=("name",), name="campaign_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("draft", "scheduled", "sending", "testing", "sent", "cancelled"),
                            )
                        ),
                        name="campaign_state_is_known",
                    ),
                ],
            },
        ),
    ]
