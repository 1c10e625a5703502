"""The audiences that were divided by lot. Who fell into which arm lies in the warehouse."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Holdout(models.Model):
    """What was drawn, of whom, by whom; after the draw only its end and its name change."""

    name = models.CharField(max_length=100)
    segment_id = models.BigIntegerField()
    segment_version = models.PositiveIntegerField()
    block = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    salt = models.CharField(max_length=64)
    snapshot_id = models.BigIntegerField()
    as_of = models.DateField()
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=100)
    note = models.TextField(blank=True)
    treated = models.BigIntegerField()
    held_out = models.BigIntegerField()
    treated_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], name="holdout_name_once"),
            models.UniqueConstraint(fields=["salt"], name="holdout_salt_once"),
            models.CheckConstraint(
                condition=Q(held__gte=1, held__lt=F("block")), name="holdout_leaves_out_some"
            ),
        ]
