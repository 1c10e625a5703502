"""Addresses that others send to, and what they sent.

``Delivery`` is written with every request and lies in the inbox's file; the rest are promises.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.collect.webhooks.contracts import KINDS, PRIVACY, PROVIDERS, STATES


class Endpoint(models.Model):
    """Whose words are taken at one address. Secrets are sealed: they have to be read again."""

    name = models.CharField(max_length=200)
    provider = models.CharField(max_length=10)
    store = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="orders")
    token = models.CharField(max_length=40)  # the address
    bearer = models.BooleanField(default=False)  # a token stands in place of a signature
    header = models.CharField(max_length=60, blank=True)  # where a signature stands
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    mapping = models.JSONField(default=dict)
    sample = models.TextField(blank=True)  # in rows of before; see opening
    sealed = models.TextField(db_default="")  # the sample
    source_id = models.BigIntegerField(null=True)  # of the inbox, where its events go
    refused = models.BigIntegerField(default=0)
    last_refusal = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)
    uninstalled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token"], name="webhook_address_once"),
            models.CheckConstraint(
                condition=models.Q(provider__in=PROVIDERS), name="webhook_provider_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="webhook_kind_is_known"
            ),
        ]


class Delivery(models.Model):
    """One request as it came. Its body goes once it is done; its key stays: it counts once."""

    endpoint_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    topic = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="new")
    batch = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    of_order = models.CharField(max_length=100, blank=True)  # it waits until that order has come
    sealed = models.TextField(db_default="")  # by which key of personal data; "" where it is plain
    body = models.BinaryField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="webhook_delivery_by_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint_id", "key"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="webhook_delivery_state_is_known"
            ),
        ]


class Known(models.Model):
    """The newest word on something that a sender speaks of, and what people call it."""

    endpoint_id = models.BigIntegerField()
    subject = models.CharField(max_length=100)
    number = models.CharField(max_length=100, blank=True)
    version = models.BigIntegerField()  # microseconds since 1970

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint_id", "subject"], name="webhook_known_once"),
        ]


class PrivacyRequest(models.Model):
    """A shop asks about somebody's data; it is open until somebody has answered it."""

    endpoint_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    store = models.CharField(max_length=200)
    customer_number = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    sealed = models.TextField(db_default="")  # e-mail and phone, which stand open in rows of before
    orders = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint_id", "key"], name="privacy_request_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=PRIVACY), name="privacy_request_kind_is_known"
            ),
        ]
