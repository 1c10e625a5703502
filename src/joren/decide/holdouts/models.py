"""Who was divided by lot. The arms of an audience lie in the warehouse, of who comes later here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.decide.holdouts.contracts import KINDS


class Holdout(models.Model):
    """What was drawn, of whom, by whom; after the draw only its end and its name change, and up to
    which row of the ledger the log knows who was reached, and since when."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, default="segment")
    segment_id = models.BigIntegerField(null=True)
    segment_version = models.PositiveIntegerField(null=True)
    block = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    salt = models.CharField(max_length=64)
    snapshot_id = models.BigIntegerField(null=True)
    as_of = models.DateField(null=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=100)
    note = models.TextField(blank=True)
    treated = models.BigIntegerField()
    held_out = models.BigIntegerField()
    treated_on = models.DateField(null=True)
    until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    ledger_until = models.BigIntegerField(db_default=0)
    ledger_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name"], name="holdout_name_once"),
            models.UniqueConstraint(fields=["salt"], name="holdout_salt_once"),
            models.CheckConstraint(
                condition=Q(held__gte=1, held__lt=F("block")), name="holdout_leaves_out_some"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="holdout_kind_is_known"),
        ]


class Place(models.Model):
    """Who came to a standing holdout. A row is added, never changed; with the salt, stratum and
    place give the arm again; customers of one household share a place."""

    holdout = models.ForeignKey(
        Holdout, on_delete=models.PROTECT, related_name="places", db_index=False
    )
    customer_id = models.BigIntegerField()
    stratum = models.PositiveIntegerField()
    place = models.BigIntegerField()
    held_out = models.BooleanField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holdout", "customer_id"], name="placed_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["holdout", "stratum", "place"], name="place_by_stratum"),
        ]


class GloballyHeld(models.Model):
    """Who is left out of everything: looked at for each message, and so here and not only in the
    log. ``until`` is the holdout's."""

    lot = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    until = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["customer_id", "lot"], name="globally_held_once"),
        ]


class GlobalRule(models.Model):
    """The share that is left out of everything; a row is added, the newest holds."""

    share = models.FloatField()
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
