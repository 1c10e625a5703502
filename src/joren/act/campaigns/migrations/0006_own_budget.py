from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_their_clock")]

    operations = [
        migrations.AddField("campaign", "most", models.BigIntegerField(null=True)),
        migrations.AddField("campaign", "most_cost", models.BigIntegerField(null=True)),
    ]
