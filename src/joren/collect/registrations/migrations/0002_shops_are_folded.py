from typing import Any

from django.db import migrations

from joren.collect.registrations.rules import shop_of


def fold(apps: Any, _editor: Any) -> None:
    """Receipts that are registered stay so, however the shop is written the next time."""
    registrations = apps.get_model("registrations", "Registration").objects
    for row in registrations.filter(programme__takes="receipts").iterator(chunk_size=500):
        number, day, shop = row.known_by.split("|", 2)
        folded = f"{number}|{day}|{shop_of(shop)}"
        same = registrations.filter(programme_id=row.programme_id, known_by=folded)
        if folded != row.known_by and not same.exists():  # two of one stay two
            registrations.filter(pk=row.pk).update(known_by=folded)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0001_programmes_and_registrations")]
    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
