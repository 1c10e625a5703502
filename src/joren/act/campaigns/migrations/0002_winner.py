from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_campaigns"),
    ]

    operations = [
        migrations.AddField("campaign", "test_share", models.FloatField(default=1.0)),
        migrations.AddField("campaign", "look_days", models.PositiveIntegerField(default=28)),
        migrations.AddField("campaign", "sends_winner", models.BooleanField(default=False)),
        migrations.AddField("campaign", "winner", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("campaign", "rest_begun_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("campaign", "campaign_state_is_known"),
        migrations.AddConstraint(
            "campaign",
            models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "scheduled", "sending", "testing", "sent", "cancelled"))
                ),
                name="campaign_state_is_known",
            ),
        ),
    ]
