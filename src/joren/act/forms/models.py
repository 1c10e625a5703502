"""Forms and their versions, who saw which variant, and who signed up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.act.forms.contracts import STATES


class Form(models.Model):
    """A form as it is now; its texts lie in the versions."""

    slug = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    store = models.CharField(max_length=200)
    source_id = models.BigIntegerField()  # of the inbox, where its events go
    state = models.CharField(max_length=10)
    salt = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    live = models.PositiveIntegerField(null=True)
    round = models.PositiveIntegerField(db_default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["slug"], name="form_address_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="form_state_is_known"),
        ]


class FormVersion(models.Model):
    """What a form said and asked from a moment on, and the consent that it showed: a row is added
    and never changed, as sign-ups refer to it."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_once"),
        ]


class Round(models.Model):
    """A comparison of variants: those of one version, until others are published."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["form", "number"], name="form_round_once"),
        ]


class Visit(models.Model):
    """A visitor who saw a variant; ``visitor`` is a fingerprint of chance in their cookie, and goes
    with its time."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, db_index=False)
    round = models.PositiveIntegerField()
    visitor = models.CharField(max_length=32, blank=True)
    variant = models.CharField(max_length=1)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form", "round", "visitor"],
                condition=~Q(visitor=""),
                name="form_visitor_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["form", "round", "variant", "at"], name="form_visits"),
        ]


class Signup(models.Model):
    """That somebody signed up, and not by which address: the person lies with the people.

    ``who`` is a fingerprint of the address; ``pending`` is what is still to be handed on, sealed,
    and goes once that is done. ``request`` is the entry of the ledger of consents. Version, variant
    and wording are those that they saw when they asked last; the first variant is the visit's.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE)
    who = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField()
    variant = models.CharField(max_length=1)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.SET_NULL)
    by_program = models.BooleanField(db_default=False)
    language = models.CharField(max_length=2)
    wording = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    asked_at = models.DateTimeField()
    pending = models.TextField(blank=True)
    handed_on = models.BooleanField(default=False)
    customer_id = models.BigIntegerField(null=True)
    request = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form", "who"], condition=~Q(who=""), name="form_signup_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=~Q(pending=""), name="form_signup_pending"),
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at=None, request__isnull=False),
                name="form_signup_open",
            ),
            models.Index(fields=["customer_id"], name="form_signup_by_customer"),
        ]
