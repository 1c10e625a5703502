from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_business_nightly_at")]

    operations = [
        migrations.AddField("business", "language", models.CharField(default="ja", max_length=2)),
    ]
