"""Who learned what, and how much in a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Sum

from joren.accounts import selectors as accounts
from joren.measure.team import models
from joren.measure.team.contracts import (
    NoSuchTraining,
    Person,
    Trained,
    Training,
    TrainingText,
)

_GONE = "–"
_YEAR = timedelta(days=365)


def trainings(*, member: int | None = None, limit: int = 500) -> list[Training]:
    """Of all or of one, the newest first."""
    rows = models.Training.objects.order_by("-on", "-pk")
    if member is not None:
        rows = rows.filter(member_id=member)
    names = accounts.member_names()
    return [_read(row, names) for row in rows[:limit]]


def training(number: int) -> Training:
    """One of them."""
    row = models.Training.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchTraining(f"there is no training {number}", hint="joren team trainings")
    return _read(row, accounts.member_names())


def trained(*, until: date) -> list[Trained]:
    """Every active member, also who learned nothing in the year, who learned least first."""
    since = until - _YEAR
    rows = models.Training.objects.filter(on__gt=since, on__lte=until).values("member_id")
    sums = {
        row["member_id"]: row
        for row in rows.annotate(times=Count("pk"), minutes=Sum("minutes"), last=Max("on"))
    }
    found = []
    for one in accounts.members():
        if one.active:
            row: Mapping[str, Any] = sums.get(int(one.id), {})
            person = Person(int(one.id), one.name or one.email)
            found.append(
                Trained(person, row.get("times", 0), row.get("minutes", 0), row.get("last"))
            )
    return sorted(found, key=lambda one: (one.minutes, one.person.name))


def _read(row: models.Training, names: Mapping[int, str]) -> Training:
    text = TrainingText(row.member_id, row.what, row.on, row.minutes, row.evidence, row.practice)
    person = Person(row.member_id, names.get(row.member_id, _GONE))
    return Training(row.pk, person, text, row.said_at, row.said_by)
