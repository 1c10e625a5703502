"""What an action cost, when it is to be read, and what was read at each refresh."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.measure.experiments.contracts import COST_KINDS


class Cost(models.Model):
    """What an action cost in all, by kind, in minor units; the audit knows what was said before."""

    holdout_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holdout_id", "kind"], name="effect_cost_once"),
            models.CheckConstraint(condition=Q(kind__in=COST_KINDS), name="effect_cost_is_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="effect_cost_is_no_gain"),
        ]


class Plan(models.Model):
    """When the effect of a holdout is to be read. Changed only before anything can be seen."""

    holdout_id = models.BigIntegerField(unique=True)
    horizon_days = models.PositiveIntegerField()
    looks = models.JSONField()
    customers = models.BigIntegerField()
    lift = models.FloatField()
    made_at = models.DateTimeField()
    made_on = models.DateField()
    made_by = models.CharField(max_length=100)


class Look(models.Model):
    """A planned look that was taken. A row is added, never changed."""

    holdout_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    share = models.FloatField()
    on = models.DateField()
    document = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holdout_id", "number"], name="effect_look_once"),
        ]


class Reading(models.Model):
    """What one holdout said at one refresh. ``document`` is the whole of it while it is the newest,
    and stands as long as what it rests on (``footing``) is the same; ``first_days`` has the sums by
    which actions of one kind are read together.
    """

    holdout_id = models.BigIntegerField()
    snapshot_id = models.BigIntegerField()
    as_of = models.DateField()
    footing = models.CharField(max_length=32)
    evidence = models.CharField(max_length=20)
    metric = models.CharField(max_length=10)
    each = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    age = models.PositiveIntegerField(null=True)
    projected = models.FloatField(null=True)
    projected_low = models.FloatField(null=True)
    projected_high = models.FloatField(null=True)
    projected_error = models.FloatField(null=True)
    uncorrected = models.FloatField(null=True)
    document = models.JSONField(null=True)
    first_days = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holdout_id", "snapshot_id"], name="effect_read_once"),
        ]


class Outcome(models.Model):
    """What a holdout brought per customer in the first year of everybody in it. A row is added,
    never changed."""

    holdout_id = models.BigIntegerField(unique=True)
    on = models.DateField()
    metric = models.CharField(max_length=10)
    each = models.FloatField()
    error = models.FloatField()


class VariantLook(models.Model):
    """What the messages of a campaign beside each other brought, read once on their day."""

    campaign_id = models.BigIntegerField(unique=True)
    on = models.DateField()
    evidence = models.CharField(max_length=20)
    document = models.JSONField()
