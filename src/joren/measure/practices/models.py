"""Practices, and the audits of the fifteen. Members and holdouts are named by number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.measure.practices.contracts import UNITS


class Practice(models.Model):
    """One of the fifteen (``code``) or the shop's own (``name``); the audit log knows the past."""

    code = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=200, blank=True)
    owner_id = models.BigIntegerField(null=True)
    steps = models.JSONField(default=list)
    evidence = models.TextField(blank=True)
    decision = models.TextField(blank=True, default="", db_default="")
    unit = models.CharField(max_length=10, default="customer")
    cost = models.BigIntegerField(null=True)
    started_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    holdout_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="practice_of_the_fifteen_once"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=~Q(name=""), name="practice_name_once"
            ),
            models.CheckConstraint(condition=Q(unit__in=UNITS), name="practice_unit_is_known"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="practice_costs_nothing_less"
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(stopped_on__gte=F("started_on")),
                name="practice_ends_after_it_began",
            ),
        ]


class Decision(models.Model):
    """A word on a practice, by its key: added, never changed."""

    practice = models.CharField(max_length=30)
    text = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100)


class Evidence(models.Model):
    """A file (``stored`` names it below the home) or a link that shows a practice, by its key."""

    practice = models.CharField(max_length=30)
    kind = models.CharField(max_length=4)
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    stored = models.CharField(max_length=32, blank=True)
    size = models.BigIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["practice"], name="evidence_by_practice"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="file", stored__gt="", url="")
                | Q(kind="link", url__gt="", stored=""),
                name="evidence_is_a_file_or_a_link",
            ),
            models.UniqueConstraint(
                fields=["practice", "sha256"], condition=~Q(sha256=""), name="evidence_file_once"
            ),
        ]


class SelfAudit(models.Model):
    """All fifteen in one quarter. Another word in the same quarter replaces the one before."""

    quarter = models.CharField(max_length=7, unique=True)
    scores = models.JSONField()
    held_at = models.DateTimeField()
    held_by = models.CharField(max_length=100)
