from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("act_messages", "0006_policy_versions")]

    operations = [
        migrations.AddIndex(
            model_name="send",
            index=models.Index(
                fields=["errand_id", "state", "reason", "asked_at", "id"], name="send_by_errand"
            ),
        ),
    ]
