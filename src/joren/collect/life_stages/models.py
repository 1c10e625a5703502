"""The shop's catalogue of stages, every version of it, and what was said of people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CatalogueVersion(models.Model):
    """The catalogue from a moment on. A row is added, never changed; the newest one holds."""

    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    stages = models.JSONField()


class Said(models.Model):
    """One thing that was said of a customer's life, in the words that were used.

    What they mean is asked of the catalogue at each read, so that a word that it learns later holds
    of what was said before. Whom a merge made somebody else keeps theirs: it is asked at the read.
    """

    customer_id = models.BigIntegerField(db_index=True)
    said = models.TextField()
    since = models.DateField()
    at = models.DateTimeField()
    source = models.CharField(max_length=10)
    import_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["import_id", "customer_id"], name="life_stage_once_per_import"
            ),
            models.CheckConstraint(
                condition=Q(source__in=("hand", "import", "live")),
                name="life_stage_source_is_known",
            ),
        ]
