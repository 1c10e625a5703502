"""A file that a form sent, as a path for a service to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import HttpRequest

from joren.core.errors import BadInput
from joren.plumbing.access import refuse_too_large
from joren.plumbing.sent import laid_down


@contextmanager
def sent_csv(request: HttpRequest) -> Iterator[Path]:
    """The one that the form's ``file`` holds; it is gone afterwards."""
    refuse_too_large(request)
    sent = request.FILES.get("file")
    if sent is None:
        raise BadInput("no file came", hint="choose a CSV")
    with laid_down(sent, suffix=".csv") as path:
        yield path
