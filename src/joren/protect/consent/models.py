"""The ledger of consents, the wordings that were shown, and the handles of those who get links."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.plumbing.bulk import RowId
from joren.protect.consent.contracts import ACTS, SOURCES


class Wording(models.Model):
    """One version of what was shown; never changed, as entries refer to it."""

    channel = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    scope = models.CharField(max_length=80, blank=True, db_default="")  # "": the shop's
    version = models.IntegerField()
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["channel", "purpose", "language", "scope", "version"],
                name="wording_version_once",
            ),
        ]


class Entry(models.Model):
    """A row is added, and goes only with the person whose it is: the database refuses a change."""

    customer_id = models.BigIntegerField()
    channel = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    act = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    basis = models.CharField(max_length=30, blank=True)
    wording = models.ForeignKey(Wording, null=True, on_delete=models.PROTECT, db_index=False)
    proof = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    undoes = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], condition=models.Q(act="requested"), name="consent_requests"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["customer_id", "channel", "purpose", "act", "at", "source", "proof"],
                name="consent_said_once",
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=models.Q(undoes__isnull=False),
                name="consent_undone_once",
            ),
            models.CheckConstraint(condition=models.Q(act__in=ACTS), name="consent_act_is_known"),
            models.CheckConstraint(
                condition=models.Q(source__in=SOURCES), name="consent_source_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(act__in=("withdrawn", "undone"))
                | ~(models.Q(channel="*") | models.Q(purpose="*")),
                name="consent_is_given_to_one_matter",
            ),
            models.CheckConstraint(
                condition=~models.Q(purpose="transactional"),
                name="consent_to_transactional_is_not_asked",
            ),
        ]


class Recipient(models.Model):
    """By which links know a customer: chance, and nothing of theirs."""

    customer_id = RowId(primary_key=True)
    handle = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handle"], name="recipient_handle_once"),
        ]


class Choice(models.Model):
    """What the shop decided; the one row."""

    offered = models.JSONField()
    relies_on = models.JSONField()
    confirm_days = models.IntegerField()
