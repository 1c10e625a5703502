"""Trials as they were drawn, and who is said to have got the practice."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.measure.trials.contracts import TRIAL_METRICS, TRIAL_UNITS


class Trial(models.Model):
    """One trial of one practice; its salt gives every arm again."""

    practice = models.CharField(max_length=30)
    unit = models.CharField(max_length=10)
    first = models.DateField()
    last = models.DateField()
    horizon_days = models.PositiveIntegerField()
    period_days = models.PositiveIntegerField()
    washout_days = models.PositiveIntegerField()
    metric = models.CharField(max_length=20, default="money", db_default="money")
    holdout = models.BigIntegerField(null=True)  # by customer: the lot of who has ordered
    stores = models.JSONField(default=list)  # numbers of those that were dealt
    salt = models.CharField(max_length=32)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(unit__in=TRIAL_UNITS), name="trial_unit_is_known"),
            models.CheckConstraint(
                condition=Q(metric__in=TRIAL_METRICS), name="trial_metric_is_known"
            ),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="trial_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(unit="customer", holdout__isnull=False)
                | (~Q(unit="customer") & Q(holdout__isnull=True)),
                name="trial_by_customer_has_a_lot",
            ),
        ]


class Exposure(models.Model):
    """An order or a customer (by number), and whether they got it; the newest word holds."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="exposures")
    kind = models.CharField(max_length=10)
    number = models.BigIntegerField()
    given = models.BooleanField()
    on = models.DateField(null=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["trial", "kind", "number"], name="exposure_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("order", "customer")), name="exposure_kind_is_known"
            ),
        ]
