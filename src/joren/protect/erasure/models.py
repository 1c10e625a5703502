"""Who asked what, which hashes prove it, and how long what is kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.protect.erasure.contracts import KINDS, STATES


class Request(models.Model):
    """Somebody asks for what is known of them, or to be forgotten. People stand here by number."""

    uid = models.CharField(max_length=32)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=12)
    customer_id = models.BigIntegerField()
    customers = models.JSONField(default=list)  # with those they were merged from
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    asked_by = models.CharField(max_length=100)
    note = models.CharField(max_length=300, blank=True)
    suppress = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on"], name="asked_for_by_state"),
            models.Index(fields=["customer_id"], name="asked_for_by_customer"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["uid"], name="asked_for_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="asked_for_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="asked_for_state_is_known"
            ),
        ]


class Step(models.Model):
    """What one room did for an erasure; it is not done twice."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="steps")
    eraser = models.CharField(max_length=40)
    counts = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "eraser"], name="erasure_step_once"),
        ]


class Proof(models.Model):
    """The keyed hash of one address or number of somebody who was erased."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="proofs")
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "digest"], name="erasure_proof_once"),
        ]


class Watch(models.Model):
    """Up to which identity it was asked whether somebody came back; the one row."""

    identity_id = models.BigIntegerField(default=0)


class Rule(models.Model):
    """How long one kind is kept here; null is for ever."""

    name = models.CharField(max_length=40, primary_key=True)
    days = models.IntegerField(null=True)
    last_run = models.DateTimeField(null=True)
    last_count = models.IntegerField(default=0)
