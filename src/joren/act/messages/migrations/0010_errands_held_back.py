from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("act_messages", "0009_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="errand",
            name="held_at",
            field=models.DateTimeField(null=True),
        ),
    ]
