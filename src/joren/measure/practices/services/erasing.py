"""Files that show a practice and in which somebody stands go with them.

Texts and tables can be searched; pictures and PDFs cannot, and whoever adds them is told so.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.db import transaction

from joren.core.erasing import Eraser, Traces
from joren.core.mentions import mentioned, words_of
from joren.core.words import gettext_noop
from joren.measure.practices import models, selectors
from joren.measure.practices.services.showing import discard

_MOST: Final = 200 * 2**20
"""Bytes of a packed file that are looked at."""
_FILES: Final = gettext_noop("files that show a practice")


def _found(traces: Traces) -> Iterator[int]:
    words = words_of(traces)
    for row in models.Evidence.objects.filter(kind="file"):
        with suppress(OSError, zipfile.BadZipFile, EOFError):
            if _mentions(selectors.folder() / row.stored, row.media_type, words):
                yield row.pk


def _mentions(path: Path, media_type: str, words: tuple[bytes, ...]) -> bool:
    if media_type.startswith("text/"):
        with path.open("rb") as file:
            return mentioned(file, words)
    if "openxmlformats" not in media_type:
        return False
    with zipfile.ZipFile(path) as packed:
        parts = [one for one in packed.infolist() if one.filename.endswith(".xml")]
        if sum(one.file_size for one in parts) > _MOST:
            return False
        for one in parts:
            with packed.open(one) as file:
                if mentioned(file, words):
                    return True
    return False


def _goes(traces: Traces) -> dict[str, int]:
    return {_FILES: sum(1 for _ in _found(traces))}


@transaction.atomic
def _erase(traces: Traces) -> dict[str, int]:
    numbers = list(_found(traces))
    discard(numbers)
    return {_FILES: len(numbers)}


ERASER: Final = Eraser(
    gettext_noop("Files that show practices"), ("practices.evidence", "home.evidence"),
    goes=_goes, erase=_erase,
)  # fmt: skip
