"""What the shop allows, and when something went beyond it. Nothing personal is here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.act.pressure.contracts import MEASURES


class Weights(models.Model):
    """What a message counts by its content; the one row appears when the shop says it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    said = models.JSONField()


class Limit(models.Model):
    """The limits of the shop (source ""), or of one campaign or journey in their place."""

    source = models.CharField(max_length=20, blank=True)
    source_id = models.BigIntegerField(default=0)
    unsubscribes = models.FloatField()
    complaints = models.FloatField()
    least = models.PositiveIntegerField()
    stops = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "source_id"], name="limit_once"),
        ]


class Alarm(models.Model):
    """Something went beyond its limit. Open until ``ended_at``; one open of each kind."""

    source = models.CharField(max_length=20, blank=True)
    source_id = models.BigIntegerField(default=0)
    step = models.CharField(max_length=60, blank=True)
    measure = models.CharField(max_length=20)
    bad = models.BigIntegerField()
    of = models.BigIntegerField()
    low = models.FloatField()
    limit = models.FloatField()
    raised_at = models.DateTimeField()
    stopped = models.BooleanField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "source_id", "step", "measure"],
                condition=models.Q(ended_at=None),
                name="alarm_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(measure__in=MEASURES), name="alarm_measure_is_known"
            ),
        ]
