"""Proofs of erasure are kept as long as somebody may ask, and no longer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from joren.core.erasing import Retention
from joren.core.words import gettext_noop
from joren.protect.erasure import models


def _old(moment: datetime) -> Any:
    """With the hash of one who is not to be written to goes the reason not to."""
    return models.Request.objects.filter(
        finished_at__lt=moment, state__in=("done", "withdrawn"), suppress=False
    )


def _purge(moment: datetime) -> int:
    count = int(_old(moment).count())
    _old(moment).delete()
    return count


RETENTION: Final = Retention(
    gettext_noop("Requests that were answered, and proofs of erasure"),
    days=None,
    count=lambda moment: int(_old(moment).count()),
    purge=_purge,
    least=30,
    note=gettext_noop("Whoever is not to be written to if they come back is kept, by hash."),
)
