"""What each segment is for, and every look at it. Segments are named by number: see its room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Card(models.Model):
    """What a segment is for as it is now; the audit knows who changed it."""

    segment_id = models.BigIntegerField(unique=True)
    owner_id = models.BigIntegerField(null=True)
    purpose = models.TextField(blank=True)
    hypothesis = models.TextField(blank=True)
    kpi = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)


class Review(models.Model):
    """A decision. A row is added, never changed."""

    segment_id = models.BigIntegerField(db_index=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=100)
    decision = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    next_on = models.DateField(null=True)
    members = models.BigIntegerField(null=True)
    evidence = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(decision__in=["keep", "change", "stop"]),
                name="strategy_review_decides",
            ),
            models.CheckConstraint(
                condition=Q(decision="stop") | Q(next_on__isnull=False),
                name="strategy_review_has_a_next_one",
            ),
        ]
