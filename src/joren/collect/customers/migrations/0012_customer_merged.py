from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_language_and_zone")]

    operations = [
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["merged_into"],
                name="customer_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ),
    ]
