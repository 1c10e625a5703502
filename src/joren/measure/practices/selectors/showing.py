"""What shows a practice, and where its files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings

from joren.measure.practices import models
from joren.measure.practices.contracts import Evidence, NoSuchEvidence
from joren.measure.practices.selectors.keeping import practice

FOLDER: Final = "evidence"


def evidence_of(key: str) -> list[Evidence]:
    """Of one practice, the newest first."""
    practice(key)  # refuses what is none
    rows = models.Evidence.objects.filter(practice=key).order_by("-added_at", "-pk")
    return [_read(row) for row in rows]


def evidence(number: int) -> Evidence:
    """One of them."""
    row = models.Evidence.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchEvidence(f"there is no evidence {number}", hint="joren practices evidence")
    return _read(row)


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.JOREN_HOME) / FOLDER


def path_of(number: int) -> Path:
    """Where the file of that number lies."""
    row = models.Evidence.objects.filter(pk=number, kind="file").first()
    if row is None or not (folder() / row.stored).is_file():
        raise NoSuchEvidence(f"evidence {number} has no file", hint="joren practices evidence")
    return folder() / row.stored


def _read(row: models.Evidence) -> Evidence:
    return Evidence(
        row.pk, row.practice, row.kind,  # type: ignore[arg-type]  # constrained
        row.name, row.note, row.added_at, row.added_by, row.url, row.size, row.media_type,
        row.sha256,
    )  # fmt: skip
