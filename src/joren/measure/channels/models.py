"""What channels cost by the shop's word, and tests by area. An area that was dealt stays so."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.measure.channels.contracts import AREA_UNITS


class AreaTest(models.Model):
    """A test as it was drawn."""

    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=60)
    unit = models.CharField(max_length=12)
    started_on = models.DateField()
    stopped_on = models.DateField()
    lag_days = models.PositiveIntegerField()
    by_lot = models.BooleanField()
    salt = models.CharField(max_length=32, blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], name="area_test_name_once"),
            models.CheckConstraint(
                condition=Q(unit__in=AREA_UNITS), name="area_test_unit_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__gte=F("started_on")), name="area_test_ends_after_it_began"
            ),
        ]


class Area(models.Model):
    """One area and its arm. A row is added, never changed."""

    test = models.ForeignKey(AreaTest, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(max_length=60)
    treated = models.BooleanField()
    block = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["test", "name"], name="area_of_a_test_once"),
        ]


class Spend(models.Model):
    """What somebody says a channel cost over some days."""

    channel = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()
    amount = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    test = models.ForeignKey(AreaTest, null=True, on_delete=models.PROTECT, related_name="spends")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="channel_spend_is_some"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="channel_spend_ends_after_it_began"
            ),
        ]
