"""Mails that ask to confirm, and how far the ledger of consents was read for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.act.confirmations.contracts import STATES


class Mailing(models.Model):
    """One mail of one request. Its number is the occurrence in the ledger of messages."""

    request = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    state = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "number"], name="mailing_number_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="mailing_state_is_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id", "asked_at"], name="mailing_by_customer"),
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=("open", "held_back")),
                name="mailing_to_end",
            ),
        ]


class Mark(models.Model):
    """How far requests were read, and which template is sent; the one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    read_up_to = models.BigIntegerField(db_default=0)
    template_id = models.BigIntegerField(null=True)
