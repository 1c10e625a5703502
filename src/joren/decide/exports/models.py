"""Files of segments that are written by themselves. The files lie under the home."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.decide.exports.contracts import CONTENTS, STATES


class Schedule(models.Model):
    """A segment whose people are written to a file again and again, by the shop's clocks."""

    segment_id = models.BigIntegerField()
    content = models.CharField(max_length=10, default="labels")
    encoding = models.CharField(max_length=10)
    every = models.CharField(max_length=10)
    day = models.IntegerField()
    hour = models.IntegerField()
    keep_days = models.IntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(content__in=CONTENTS), name="export_content_is_known"
            )
        ]


class File(models.Model):
    """One moment of a schedule: what was written, or why nothing was."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT)
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=1)
    state = models.CharField(max_length=10)
    people = models.IntegerField(default=0)
    said = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="export_file_once"),
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="export_file_state_is_known"
            ),
        ]
