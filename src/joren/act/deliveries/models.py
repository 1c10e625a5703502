"""Endpoints, what is said, and its way to each of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.act.deliveries.contracts import PENDINGS, SHAPES, STATES


class Receiver(models.Model):
    """A program or chat room that is told. Secrets are sealed: by them a delivery is signed, or
    they are the address of a chat room itself."""

    name = models.CharField(max_length=200)
    url = models.CharField(max_length=2000)
    announcements = models.JSONField()
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=200, blank=True)
    failing_since = models.DateTimeField(null=True)
    shape = models.CharField(max_length=10, default="signed")
    language = models.CharField(max_length=2, default="ja")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(shape__in=SHAPES), name="receiver_shape_is_known"
            ),
        ]


class Message(models.Model):
    """One announcement as it is told, the same to all and each time."""

    key = models.CharField(max_length=60)
    type = models.CharField(max_length=100)
    body = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="delivery_message_once"),
        ]


class Delivery(models.Model):
    """A message on its way to one receiver. Whoever carries it has it until ``held_until``."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    receiver = models.ForeignKey(Receiver, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    code = models.IntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "next_at"], name="delivery_by_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "receiver"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="delivery_state_is_known"
            ),
        ]


class Pause(models.Model):
    """A while in which chat rooms are told nothing, nor people by mail; one goes on at most."""

    why = models.CharField(max_length=200)
    until = models.DateField(null=True)
    then = models.CharField(max_length=10)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=100)
    goes_on = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_how = models.CharField(max_length=10, blank=True)
    mails = models.PositiveIntegerField(default=0)
    chats = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["goes_on"], condition=models.Q(goes_on=True), name="one_pause_goes_on"
            ),
            models.CheckConstraint(
                condition=models.Q(then__in=PENDINGS), name="pause_says_what_then"
            ),
        ]
