from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("act_messages", "0010_errands_held_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="send",
            name="mailbox",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
    ]
