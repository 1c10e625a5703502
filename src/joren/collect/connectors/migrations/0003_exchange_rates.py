from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("connectors", "0002_background_imports")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="import", name="import_kind_is_known"),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ("orders", "products", "customers", "ad_spend", "refunds", "rates"),
                    )
                ),
                name="import_kind_is_known",
            ),
        ),
    ]
