"""Files that show a practice and in which somebody stands go with them.

Texts and tables can be searched; pictures and PDFs cannot, nor what is damaged, locked or too large
inside: whoever adds a file is told so, and whoever erases how many of them stay unread.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import transaction

from joren.core.erasing import Eraser, Traces
from joren.core.mentions import Words, mentioned, words_of
from joren.core.words import gettext_noop
from joren.measure.practices import models, selectors
from joren.measure.practices.services.showing import discard

_MOST: Final = 200 * 2**20
"""Bytes of a packed file that are looked at."""
_FILES: Final = gettext_noop("files that show a practice")
_UNREAD: Final = gettext_noop("files that show a practice and cannot be searched")
_TEXTS: Final = (".xml", ".rels")
_log = logging.getLogger(__name__)


def _searched(traces: Traces) -> Iterator[tuple[int, bool | None]]:
    """Each file and whether somebody stands in it; None where nobody can say."""
    words = words_of(traces)
    for row in models.Evidence.objects.filter(kind="file").order_by("pk"):
        yield row.pk, _mentions(selectors.folder() / row.stored, row.media_type, words)


def _mentions(path: Path, media_type: str, words: Words) -> bool | None:
    try:
        if media_type.startswith("text/"):
            with path.open("rb") as file:
                return mentioned(file, words)
        return _mentions_inside(path, words) if "openxmlformats" in media_type else None
    except FileNotFoundError:
        return False
    except Exception as fault:  # whatever somebody packed: one file must not keep a person here
        _log.warning("%s cannot be searched: %s", path.name, type(fault).__name__)
        return None


def _mentions_inside(path: Path, words: Words) -> bool | None:
    with zipfile.ZipFile(path) as packed:
        parts = [one for one in packed.infolist() if one.filename.endswith(_TEXTS)]
        if sum(one.file_size for one in parts) > _MOST:
            return None
        for one in parts:
            with packed.open(one) as file:
                if mentioned(file, words, tagged=True):
                    return True
    return False


def _goes(traces: Traces) -> dict[str, int]:
    return {_FILES: sum(1 for _, found in _searched(traces) if found)}


def _stays(traces: Traces) -> dict[str, int]:
    return {_UNREAD: sum(1 for _, found in _searched(traces) if found is None)}


@transaction.atomic
def _erase(traces: Traces) -> dict[str, int]:
    numbers = [number for number, found in _searched(traces) if found]
    discard(numbers)
    return {_FILES: len(numbers)}


ERASER: Final = Eraser(
    gettext_noop("Files that show practices"), ("practices.evidence", "home.evidence"),
    goes=_goes, stays=_stays, erase=_erase,
)  # fmt: skip
