from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("import_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_customer", models.BigIntegerField(null=True)),
                ("last_customer", models.BigIntegerField(null=True)),
                ("first_identity", models.BigIntegerField(null=True)),
                ("last_identity", models.BigIntegerField(null=True)),
            ],
        ),
    ]
