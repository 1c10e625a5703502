"""What is done by itself, and who is there to do it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Chore(models.Model):
    """One of the things that are done each night, and how it went last."""

    name = models.CharField(max_length=40, primary_key=True)
    night = models.DateTimeField(null=True)  # the moment for which it was last begun
    attempts = models.IntegerField(default=0)  # for that night
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    well = models.BooleanField(default=True)
    said = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)  # when it last went well
    worker = models.CharField(max_length=64, blank=True)  # who is at it now


class Worker(models.Model):
    """A process that works; one that has not been seen for a while is dead."""

    id = models.CharField(max_length=64, primary_key=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["seen_at"], name="worker_by_seen"),
        ]
