"""Deeds of a page: done, and the page shown again with what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from joren.core.errors import BadInput, JorenError
from joren.plumbing import problems


def carry_out(
    request: HttpRequest, deed: Callable[[], str], *, then: str, args: Sequence[int | str] = ()
) -> HttpResponse:
    """Do it and show the page ``then``, with the answer or with the refusal above it."""
    try:
        messages.success(request, deed())
    except JorenError as refusal:
        messages.error(request, problems.in_one_line(refusal))
    return HttpResponseRedirect(reverse(then, args=args))


def share_of(text: str) -> float:
    """The share that somebody typed in percent."""
    try:
        return float(text) / 100
    except ValueError:
        raise BadInput(f"{text!r} is no share", hint="percent, such as 10") from None


def day_of(text: str) -> date:
    """The day that somebody chose."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day", hint="2026-11-28") from None


def day_or_none(text: str) -> date | None:
    """The same; None where they chose none."""
    return day_of(text) if text else None
