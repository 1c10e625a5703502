"""Initiatives, what they cost, and their baselines. Members and holdouts are named by number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.measure.initiatives.contracts import CHANGES_OF, LATE_METRICS, WHYS


class Initiative(models.Model):
    """What the shop began, as it is now; ``Change`` knows the past."""

    name = models.CharField(max_length=200)
    metric = models.CharField(max_length=20)
    started_on = models.DateField()
    stopped_on = models.DateField(null=True)
    lag_days = models.PositiveIntegerField()
    owner_id = models.BigIntegerField(null=True)
    about = models.TextField(blank=True)
    holdout_id = models.BigIntegerField(null=True)
    practice = models.CharField(max_length=30, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], name="initiative_name_once"),
            models.CheckConstraint(
                condition=Q(metric__in=LATE_METRICS), name="initiative_metric_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(stopped_on__gte=F("started_on")),
                name="initiative_ends_after_it_began",
            ),
        ]


class CostRow(models.Model):
    """What was spent on one day."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="costs")
    on = models.DateField()
    amount = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="initiative_cost_is_some"),
        ]


class Baseline(models.Model):
    """What the metric was in some weeks. A row is added, never changed."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="baselines")
    why = models.CharField(max_length=10)
    metric = models.CharField(max_length=20)
    first = models.DateField()
    last = models.DateField()
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    weeks = models.PositiveIntegerField()
    unit = models.CharField(max_length=10)
    as_of = models.DateField()
    set_on = models.DateField()
    set_by = models.CharField(max_length=100)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(why__in=WHYS), name="baseline_reason_is_known"),
            models.UniqueConstraint(
                fields=["initiative", "metric", "why", "first"],
                condition=~Q(why="by_hand"),
                name="baseline_of_a_quarter_once",
            ),
        ]


class Change(models.Model):
    """One thing that was said otherwise than before. A row is added, never changed."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=20)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    on = models.DateField(null=True)
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(what__in=CHANGES_OF), name="initiative_change_is_known"
            ),
        ]
