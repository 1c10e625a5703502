"""Members, their API keys, and the business."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

_ROLES = ("viewer", "marketer", "support", "analyst", "admin")
_PROFILES = ("one_off", "repeat", "subscription", "mixed")


class Member(AbstractBaseUser):
    """Somebody who may sign in, known by e-mail."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=[(role, role) for role in _ROLES])
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    objects = BaseUserManager["Member"]()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="member_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=_ROLES), name="member_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class ApiKey(models.Model):
    """A program's key. Only the hash of its secret is kept."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=20)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField()
    issued_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["prefix"], name="api_key_prefix_once"),
        ]


class Business(models.Model):
    """The one business. Its row appears when something is first changed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001 (empty is no currency code)
    simulated = models.BooleanField(default=False)
    profile = models.CharField(max_length=20, null=True)  # noqa: DJ001 (null: read it from orders)
    nightly_at = models.CharField(max_length=5, default="03:30", blank=True)  # its own clock's time
    language = models.CharField(max_length=2, default="ja")  # whom nobody asked reads it

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="business_is_one"),
            models.CheckConstraint(
                condition=models.Q(profile__isnull=True) | models.Q(profile__in=_PROFILES),
                name="business_profile_is_known",
            ),
        ]
