"""Sources, what they sent and was not yet written to the warehouse, and how much it was.

``WriteKey`` is a promise like others and lies in the database. All else is written with every
request and lies in a file of its own on SQLite, which has one writer to a file.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from joren.collect.inbox.contracts import KINDS, USER_IDS, USUAL_LIMIT


class WriteKey(models.Model):
    """A source's key. Its hash is kept; of a browser's also the key, which is public by nature."""

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    store_id = models.BigIntegerField()
    user_ids = models.CharField(max_length=20)
    prefix = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64, blank=True)
    limit = models.IntegerField(default=USUAL_LIMIT)  # events a second
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["secret_hash"], name="write_key_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="write_key_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(user_ids__in=USER_IDS), name="write_key_user_ids_are_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="browser") | models.Q(public_key=""),
                name="write_key_of_a_server_is_secret",
            ),
        ]


class Batch(models.Model):
    """One request: its messages as a JSON list, until they are in the warehouse."""

    key_id = models.BigIntegerField()
    received_at = models.BigIntegerField()  # microseconds since 1970
    sent_at = models.CharField(max_length=40, blank=True)
    messages = models.IntegerField()
    sealed = models.TextField(db_default="")  # by which key of personal data; "" where it is plain
    body = models.BinaryField()


class UnreadMessage(models.Model):
    """A message that nobody could read: it waits with the reason, and may be tried again."""

    key_id = models.BigIntegerField()
    received_at = models.BigIntegerField()
    sent_at = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)
    sealed = models.TextField(db_default="")
    message = models.BinaryField()


class Drain(models.Model):
    """A micro-batch that is in the warehouse whole; its number says so once."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    messages = models.BigIntegerField()
    events = models.BigIntegerField()
    seconds = models.FloatField()


class AllowedProperty(models.Model):
    """A property that this shop lets into the warehouse, beside those of e-commerce V2."""

    name = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()


class Tally(models.Model):
    """How much a source sent. Key 0 are requests whose key nobody knows."""

    key_id = models.BigIntegerField(primary_key=True)
    free_at = models.BigIntegerField(default=0)  # the limit's clock, in microseconds: see rules
    received = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    unreadable = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    last_seen_at = models.BigIntegerField(default=0)
    last_refusal = models.CharField(max_length=200, blank=True)
    last_refused_at = models.BigIntegerField(default=0)
