"""What the shop counts as paid for and what it aims at, every version of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class EconomicsRulesVersion(models.Model):
    """Rules from a moment on. A row is added, never changed; the newest one holds."""

    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    paid_mediums = models.JSONField()
    payback_months = models.PositiveIntegerField()
    ltv_to_cac = models.FloatField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(payback_months__gte=1), name="economics_rules_payback_in_future"
            ),
            models.CheckConstraint(
                condition=Q(ltv_to_cac__gt=0), name="economics_rules_ratio_above_zero"
            ),
        ]
