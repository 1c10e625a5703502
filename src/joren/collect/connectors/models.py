"""Imports, and the rows that wait to be repaired."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.collect.connectors.contracts import KINDS, STATUSES

_STATES = ("waiting", "retried", "dropped")


class Import(models.Model):
    """One file that came in, and what became of its rows."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    settings = models.CharField(max_length=64)  # hash of all else that decides how it is read
    size = models.BigIntegerField(default=0)
    store = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=40, blank=True)
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=20)
    rows_read = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    notices = models.JSONField(default=list)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    started_at = models.DateTimeField()  # when the file came in
    begun_at = models.DateTimeField(null=True)  # when somebody began to read it
    finished_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=100, blank=True)
    # How far it is. A file that came over the web is kept under the home until it is in.
    phase = models.CharField(max_length=20, blank=True)
    share = models.FloatField(default=0.0)
    cancelling = models.BooleanField(default=False)
    upload = models.CharField(max_length=300, blank=True)  # below the folder of uploads
    request_key = models.CharField(max_length=64, blank=True)  # hash of caller, key and place
    # Rows of the quarantine that wait no longer since: those that these are, and those of the same
    # file that came before.
    repairs = models.JSONField(default=list)
    displaced = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "id"], name="import_by_status"),
            models.Index(fields=["sha256", "settings"], name="import_by_content"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="import_kind_is_known"),
            models.CheckConstraint(
                condition=models.Q(status__in=STATUSES), name="import_status_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done")
                | models.Q(
                    rows_read=models.F("accepted")
                    + models.F("unchanged")
                    + models.F("updated")
                    + models.F("quarantined")
                ),
                name="import_counts_every_row_once",
            ),
            models.UniqueConstraint(
                fields=["request_key"],
                condition=~models.Q(request_key=""),
                name="import_request_once",
            ),
        ]


class QuarantinedRow(models.Model):
    """A row that stayed out, as it stood in the file, with its first wrong cell.

    What it says of people is in ``sealed``; see ``opening``. A row of before says it open.
    """

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="quarantine")
    row = models.BigIntegerField()
    line = models.BigIntegerField(null=True)
    group = models.CharField(max_length=300, blank=True)  # rows of one order wait together
    column = models.CharField(max_length=300, blank=True)
    value = models.TextField(blank=True)
    expected = models.CharField(max_length=300, blank=True)
    reason = models.TextField()
    raw = models.JSONField()  # pairs of column and text: PostgreSQL sorts the keys of an object
    state = models.CharField(max_length=20, default="waiting")
    sealed = models.TextField(db_default="")
    value_key = models.CharField(max_length=40, db_default="")  # keyed hash of the value

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="quarantined_by_state"),
            models.Index(fields=["state", "column", "expected"], name="quarantined_by_fault"),
            models.Index(fields=["source", "group"], name="quarantined_by_order"),
            models.Index(fields=["id"], condition=models.Q(sealed=""), name="quarantined_open"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=_STATES), name="quarantined_row_state_is_known"
            ),
        ]


class SourceMapping(models.Model):
    """Which column is which in files with this header, as somebody said it once."""

    kind = models.CharField(max_length=20)
    store = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)  # of the header
    columns = models.JSONField()
    mapping = models.JSONField()
    file_name = models.CharField(max_length=500, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=100, blank=True)
    used_at = models.DateTimeField(null=True)
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "store", "fingerprint"], name="source_mapping_once"
            ),
        ]
