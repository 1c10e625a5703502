from typing import Any

from django.db import migrations, models


def _keep(apps: Any, _editor: Any) -> None:
    old, new = (apps.get_model("act_messages", name) for name in ("Policy", "PolicyVersion"))
    for row in old.objects.all():
        said = {name: value for name, value in row.said.items() if name != "per_minute"}
        new.objects.create(
            number=row.version, said=said, changed_at=row.changed_at, changed_by=row.changed_by
        )


def _back(apps: Any, _editor: Any) -> None:
    old, new = (apps.get_model("act_messages", name) for name in ("Policy", "PolicyVersion"))
    row = new.objects.order_by("-number").first()
    if row is not None:
        old.objects.create(
            pk=1, version=row.number, said={**row.said, "per_minute": None},
            changed_at=row.changed_at, changed_by=row.changed_by,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("act_messages", "0005_feedback")]

    operations = [
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("said", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=100)),
            ],
        ),
        migrations.RunPython(_keep, _back),
        migrations.DeleteModel("Policy"),
    ]
