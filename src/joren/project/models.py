"""Refreshes that somebody asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RefreshRun(models.Model):
    """One refresh in the background, and how far it is. At most one is open."""

    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=100)
    as_of = models.DateField(null=True)
    status = models.CharField(max_length=20)  # waiting, running, done, refused, failed
    step = models.CharField(max_length=20, blank=True)
    share = models.FloatField(default=0.0)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    open = models.BooleanField(default=True)
    snapshot = models.BigIntegerField(null=True)
    code = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    hint = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["open"], condition=models.Q(open=True), name="refresh_one_at_a_time"
            ),
        ]
