"""Templates and their versions, whom messages are from, and what was kept in the house."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.act.messages.contracts import FORMS, KINDS


class Template(models.Model):
    """A template as it is now; a name is free again when its template is put away."""

    name = models.CharField(max_length=100)
    channel = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=0)
    sendable = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(archived_at__isnull=True), name="template_name_once"
            ),
        ]


class TemplateVersion(models.Model):
    """What a template said from a moment on. A row is added, never changed."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    form = models.CharField(max_length=10)
    texts = models.JSONField()
    utm = models.JSONField()
    sendable = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="template_kind_is_known"),
            models.CheckConstraint(condition=Q(form__in=FORMS), name="template_form_is_known"),
        ]


class Sender(models.Model):
    """Whom messages are from; the one row appears when the shop says it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    postal_address = models.CharField(max_length=300, blank=True)


class Letter(models.Model):
    """A letter to be printed. It holds personal data, and goes with the person."""

    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    customer_id = models.BigIntegerField(null=True)
    recipient = models.CharField(max_length=200)
    subject = models.TextField()
    text = models.TextField()
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="letter_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id"], name="letter_by_customer"),
        ]


class KeptBack(models.Model):
    """A message that would have left. It holds personal data, and goes with the person."""

    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    customer_id = models.BigIntegerField(null=True)
    recipient = models.CharField(max_length=254)
    sender = models.CharField(max_length=360)
    subject = models.TextField()
    text = models.TextField()
    html = models.TextField(null=True)  # noqa: DJ001 (null: the message is plain text)
    headers = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key"], name="kept_back_key_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id"], name="kept_back_by_customer"),
        ]
