"""The segments that a shop keeps, and every version of their rules."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Segment(models.Model):
    """A named rule as it is now; a name is free again when its segment is archived."""

    name = models.CharField(max_length=100)
    rule = models.JSONField()
    membership = models.CharField(max_length=10, default="live")
    owner = models.CharField(max_length=100)
    note = models.TextField(blank=True)
    review_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    frozen_on = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(archived_at__isnull=True), name="segment_name_once"
            ),
            models.CheckConstraint(
                condition=Q(membership="live", frozen_on__isnull=True)
                | Q(membership="frozen", frozen_on__isnull=False),
                name="segment_frozen_has_a_day",
            ),
        ]


class SegmentVersion(models.Model):
    """A rule from a moment on. A row is added, never changed."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    rule = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    why = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once"),
        ]


class Followed(models.Model):
    """A segment that a room follows live. ``version`` and ``snapshot`` say what was asked whole."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="followed")
    room = models.CharField(max_length=50)
    since = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    snapshot = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["segment", "room"], name="segment_followed_once"),
        ]


class Move(models.Model):
    """Somebody came to a followed segment or left it. A row is added, never changed.

    ``occurrence`` counts the moves of one customer in one segment: odd ones are entries, so that
    whoever's last one is odd belongs.
    """

    segment_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    occurrence = models.PositiveIntegerField()
    at = models.DateTimeField()
    baseline = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["segment_id", "customer_id", "occurrence"], name="segment_move_once"
            ),
        ]


class Look(models.Model):
    """The one row that says how far live segments have looked, and who is looking.

    Whoever writes moves holds it locked: so their ids grow in the order of their transactions.
    """

    claim = models.CharField(max_length=32, blank=True)
    read = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)
