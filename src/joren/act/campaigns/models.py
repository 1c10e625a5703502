"""Campaigns: what is sent to an audience at one moment, and how far it is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.act.campaigns.contracts import STATES


class Campaign(models.Model):
    """A plan, and how far it is: who is worth more than ``worth_until`` has been through the
    gate, and of those that are worth as much whoever has a number up to ``asked_until``.

    ``worth_as_of`` is the snapshot whose figures say who is worth what.
    """

    name = models.CharField(max_length=80)
    segment_id = models.BigIntegerField()
    variants = models.JSONField()
    send_at = models.DateTimeField(null=True)
    expires_hours = models.PositiveIntegerField()
    share = models.FloatField()
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="draft")
    salt = models.CharField(max_length=32)
    holdout_id = models.BigIntegerField(null=True)
    asked_until = models.BigIntegerField(default=0)
    worth_until = models.BigIntegerField(null=True)
    worth_as_of = models.BigIntegerField(null=True)
    asked = models.BigIntegerField(default=0)
    made_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    test_share = models.FloatField(default=1.0)
    look_days = models.PositiveIntegerField(default=28)
    sends_winner = models.BooleanField(default=False)
    own_hour = models.BooleanField(db_default=False)
    usual_part = models.FloatField(db_default=0.3)
    their_clock = models.BooleanField(db_default=False)
    most = models.BigIntegerField(null=True)
    most_cost = models.BigIntegerField(null=True)
    winner = models.PositiveSmallIntegerField(default=0)
    rest_begun_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], name="campaign_name_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="campaign_state_is_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "send_at"], name="campaign_by_moment"),
        ]
