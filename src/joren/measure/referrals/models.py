"""Whose code it is, and who was brought by whom. People are named by number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Code(models.Model):
    """A code that somebody gives to friends, as it is compared: trimmed, in capitals."""

    code = models.CharField(max_length=60)
    customer_id = models.BigIntegerField(db_index=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], name="referral_code_once"),
        ]


class Pair(models.Model):
    """Who was referred; by whom may be unknown. Whom a merge made somebody else keeps theirs: it is
    asked at the read."""

    referred_id = models.BigIntegerField()
    referrer_id = models.BigIntegerField(null=True, db_index=True)
    on = models.DateField(null=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["referred_id"], name="referred_once"),
            models.CheckConstraint(
                condition=Q(referrer_id__isnull=True) | ~Q(referrer_id=F("referred_id")),
                name="nobody_refers_themselves",
            ),
        ]
