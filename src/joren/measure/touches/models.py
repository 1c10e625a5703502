"""What the newest refresh counted, and whether the shop wants last touch."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class TouchReading(models.Model):
    """Of one snapshot; groups of people, and nobody in it."""

    snapshot_id = models.BigIntegerField(unique=True)
    document = models.JSONField()


class LastTouchVersion(models.Model):
    """A row is added, never changed; the newest holds."""

    shown = models.BooleanField()
    days = models.PositiveIntegerField()
    opens = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(days__gte=1), name="last_touch_window_is_some"),
        ]
