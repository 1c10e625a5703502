"""Journeys and their versions, who stands where on them, and what they passed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.act.journeys.contracts import STANDINGS, STATES


class Journey(models.Model):
    """A journey as it is being written; ``version`` is the one that people enter, or 0."""

    name = models.CharField(max_length=100)
    state = models.CharField(max_length=10, default="draft")
    draft = models.JSONField()
    version = models.PositiveIntegerField(default=0)
    holdout = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["name"], condition=~Q(state="ended"), name="journey_name_once"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="journey_state_is_known"),
        ]


class Version(models.Model):
    """A document from a moment on, never changed; its nodes are known by their place.

    ``errands`` says what messages know each of its sends by.
    """

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    errands = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["journey", "number"], name="journey_version_once"),
        ]


class Lot(models.Model):
    """By which holdout whoever entered was drawn, from when until when; null: still."""

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="lots")
    holdout = models.BigIntegerField(unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class Enrolment(models.Model):
    """One entry of one customer. ``due_at`` is null when nothing comes any more.

    ``began_at`` is the moment of what they entered by, ``cause`` its properties; ``lot`` is the
    holdout that leaves them out; ``muted``: what they pass until their next wait is not done.
    ``steps`` counts the nodes they passed, of which the log has a row each. ``answered_at`` is when
    what they wait for happened, where the journey was paused by then.
    """

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, db_index=False)
    customer_id = models.BigIntegerField()
    occurrence = models.PositiveIntegerField()
    node = models.PositiveIntegerField()
    standing = models.CharField(max_length=10, default="active")
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    lot = models.BigIntegerField(null=True)
    muted = models.BooleanField(default=False)
    steps = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    cause = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["journey", "customer_id", "occurrence"], name="journey_entered_once"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=STANDINGS), name="journey_standing_is_known"
            ),
            models.CheckConstraint(
                condition=Q(standing="active", due_at__isnull=False)
                | (~Q(standing="active") & Q(due_at__isnull=True)),
                name="journey_active_are_due",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                F("version"), F("node"), F("due_at"),
                condition=Q(due_at__isnull=False), name="journey_due",
            ),
            models.Index(fields=["customer_id"], name="journey_of_customer"),
        ]  # fmt: skip


class Passage(models.Model):
    """Somebody passed a node, by its way of that number; -1 is away. The log of all steps."""

    enrolment_id = models.BigIntegerField()
    step = models.PositiveIntegerField()
    version_id = models.BigIntegerField()
    node = models.PositiveIntegerField()
    way = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["enrolment_id", "step"], name="journey_passed_once"),
        ]


class Tally(models.Model):
    """How many passed a node in one transaction; their sum is what the log has, sooner."""

    version_id = models.BigIntegerField(db_index=True)
    node = models.PositiveIntegerField()
    way = models.SmallIntegerField()
    held_out = models.BooleanField()
    number = models.BigIntegerField()


class Signal(models.Model):
    """Something happened to somebody that a journey listens for; gone when it is acted on.

    ``fault`` is why joren failed at it: it stands aside, and nobody waits for it.
    """

    name = models.CharField(max_length=200)
    customer_id = models.BigIntegerField()
    at = models.DateTimeField()
    properties = models.JSONField()
    fault = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id", "id"], name="journey_signal_by_customer"),
        ]


class Heard(models.Model):
    """An order that was a signal already; ``told_by`` is the import or the micro-batch.

    The order counts, whoever turns out to be its customer. Of what was heard before stores were
    kept the store is null, and the customer counts.
    """

    store_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField()
    order_number = models.CharField(max_length=200)
    told_by = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["store_id", "order_number"], name="journey_order_heard_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id"], name="journey_heard_by_customer"),
        ]


class Mark(models.Model):
    """How far something was read: in the transaction of what came of it, so that it is once."""

    name = models.CharField(max_length=100, primary_key=True)
    upto = models.BigIntegerField(default=0)
    done = models.BooleanField(default=False)
    at = models.DateTimeField()


class Duty(models.Model):
    """A task for a person, about a customer."""

    enrolment_id = models.BigIntegerField()
    step = models.PositiveIntegerField()
    journey_id = models.BigIntegerField(db_index=True)
    customer_id = models.BigIntegerField(db_index=True)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["enrolment_id", "step"], name="journey_duty_once"),
        ]


class Attribute(models.Model):
    """A word that a journey kept about a customer; the newest holds."""

    customer_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    value = models.CharField(max_length=200)
    journey_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["customer_id", "name"], name="journey_attribute_once"),
        ]
