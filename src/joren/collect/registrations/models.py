"""Products that are registered, their serial numbers, and who tried how often."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.collect.registrations.contracts import TAKES


class Programme(models.Model):
    """One page, for one product or a family of them."""

    slug = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    store = models.CharField(max_length=200)
    sku = models.CharField(max_length=100, blank=True)
    product_name = models.CharField(max_length=200, blank=True)
    takes = models.CharField(max_length=10)
    source_id = models.BigIntegerField()  # of the inbox, where its events go
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["slug"], name="programme_address_once"),
            models.CheckConstraint(
                condition=models.Q(takes__in=TAKES), name="programme_takes_is_known"
            ),
        ]


class Serial(models.Model):
    """A product that left the factory."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE)
    serial = models.CharField(max_length=64)
    sku = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "serial"], name="serial_once"),
        ]


class Registration(models.Model):
    """That it is registered, and not by whom: the person lies with the people.

    ``pending`` is what is still to be handed on, sealed; it goes once that is done.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE)
    known_by = models.CharField(max_length=300)
    who = models.CharField(max_length=32)  # a fingerprint
    registered_at = models.DateTimeField()
    agreed = models.BooleanField(default=False)
    handed_on = models.BooleanField(default=False)
    pending = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], condition=~models.Q(pending=""), name="registration_pending"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["programme", "known_by"], name="registration_once"),
        ]


class Attempt(models.Model):
    """How often a visitor (a fingerprint, or that of all) tried in a stretch of ten minutes."""

    visitor = models.CharField(max_length=32)
    stretch = models.BigIntegerField()
    tries = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["visitor", "stretch"], name="attempt_once"),
        ]
