from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_members_keys_business")]

    operations = [
        migrations.AddField(
            model_name="business",
            name="nightly_at",
            field=models.CharField(blank=True, default="03:30", max_length=5),
        ),
    ]
