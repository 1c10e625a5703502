"""The book of deeds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """A row is added and never changed or deleted: the database itself refuses."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=50)
    subject_id = models.CharField(max_length=100, blank=True)
    detail = models.JSONField()

    class Meta:
        db_table = "audit_entry"
        # The migration makes the table. Unmanaged, so that Django's flush, which empties tables
        # between tests, does not try to empty the one table that refuses it.
        managed = False
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["actor"], name="audit_entry_actor"),
        ]
