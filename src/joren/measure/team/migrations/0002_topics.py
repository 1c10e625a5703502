"""More topics that people are told of."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0001_team")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_topic_is_known"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    topic__in=(
                        "review_due", "review_overdue", "action_due", "action_overdue",
                        "guard_stopped", "guard_alarm", "evidence_changed", "verdict_reached",
                        "import_failed",
                    )
                ),
                name="notice_topic_is_known",
            ),
        ),
    ]  # fmt: skip
