"""What the shop aims at on the ways of people, every version of it."""

from __future__ import annotations

from django.db import models


class TargetMapVersion(models.Model):
    """The target map from a moment on. A row is added, never changed; the newest one holds."""

    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    targets = models.JSONField()
