"""What the shop aims at, every word of it. Rows are added, never changed; the newest holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class PlanVersion(models.Model):
    """The plan from a moment on."""

    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    plan = models.JSONField()


class Target(models.Model):
    """One word about the target of an indicator in a period; null takes it back."""

    indicator = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    value = models.FloatField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["indicator", "period"], name="indicator_target_of"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=0), name="indicator_target_is_above_0"
            ),
        ]
