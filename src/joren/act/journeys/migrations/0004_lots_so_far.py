"""The lots that journeys drew by so far: a lot is known by the end of its name."""

import re
from typing import Any

from django.db import migrations

_NAME = re.compile(r"\((\d+)/\d+\)$")


def keep(apps: Any, _editor: Any) -> None:
    journeys = apps.get_model("journeys", "Journey")
    lots = apps.get_model("journeys", "Lot")
    drawn = apps.get_model("holdouts", "Holdout").objects.filter(kind="standing")
    current = dict(journeys.objects.exclude(holdout=None).values_list("holdout", "pk"))
    there = {*journeys.objects.values_list("pk", flat=True)}
    of: dict[int, list[Any]] = {}
    for one in drawn.order_by("drawn_at", "pk"):
        named = _NAME.search(one.name)
        number = current.get(one.pk, int(named[1]) if named else 0)
        if number in there:
            of.setdefault(number, []).append(one)
    for row in journeys.objects.filter(pk__in=of):
        theirs = of[row.pk]
        nexts = [*(one.drawn_at for one in theirs[1:]), _end(row, theirs[-1])]
        lots.objects.bulk_create(
            lots(journey_id=row.pk, holdout=one.pk, since=one.drawn_at, until=until)
            for one, until in zip(theirs, nexts, strict=True)
        )


def _end(row: Any, last: Any) -> Any:
    """None where it still draws; else when a version began that leaves nobody out."""
    if row.holdout == last.pk:
        return None
    later = row.versions.filter(published_at__gt=last.drawn_at).order_by("number")
    return next(
        (one.published_at for one in later if not one.document.get("holdout")), row.changed_at
    )


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0003_lots_and_stores"),
        ("holdouts", "0002_standing"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
