from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_worth_first")]

    operations = [
        migrations.AddField("campaign", "their_clock", models.BooleanField(db_default=False)),
    ]
