"""What the rooms' faces have in common with one another."""

from __future__ import annotations

from typing import Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest
from ninja import Schema

T = TypeVar("T")


class Listing(Schema, Generic[T]):
    """A slice of a list; ask again with ``after`` = ``next`` until that is empty."""

    items: list[T]
    next: str


def visitor_of(request: HttpRequest) -> str:
    """Behind a proxy the address that it saw, which is the last one; a client may invent others."""
    if settings.CSRF_COOKIE_SECURE:
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR") or "unknown")
