"""What the rooms' faces have in common with one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Schema

from joren.plumbing.cursor import Slice

T = TypeVar("T")
V = TypeVar("V")


class Listing(Schema, Generic[T]):
    """A list, or a slice of one: ask again with ``after`` = ``next`` until that is empty.

    An operation answers with a slice, or with all there is.
    """

    items: list[T]
    next: str = ""

    @staticmethod
    def resolve_items(answer: Any) -> Any:
        """Of a slice its items; a list that is whole is its own."""
        if isinstance(answer, Mapping):
            return answer["items"]
        return answer.items if isinstance(answer, Slice) else answer

    @staticmethod
    def resolve_next(answer: Any) -> Any:
        """Where it goes on; nowhere where it is whole."""
        if isinstance(answer, Mapping):
            return answer["next"]
        return answer.next if isinstance(answer, Slice) else ""


class FigureListing(Listing[T], Generic[T, V]):
    """The same of figures; ``verdicts`` say whether the facts are enough for them."""

    verdicts: list[V]


def file_answer(body: bytes, form: Literal["csv", "parquet"], name: str) -> HttpResponse:
    """A file to keep, of that name without its ending."""
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/vnd.apache.parquet"
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def visitor_of(request: HttpRequest) -> str:
    """Behind a proxy the address that it saw, which is the last one; a client may invent others."""
    if settings.CSRF_COOKIE_SECURE:
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR") or "unknown")
