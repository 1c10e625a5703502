"""Rows of files that wait with a person in them, and files from the web that are kept."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext

from joren.collect.connectors import models, uploads
from joren.collect.connectors.opening import Opened, each_opened
from joren.collect.customers.contracts.phones import phone_of
from joren.collect.customers.selectors import stores
from joren.core.erasing import Eraser, Retention, Traces
from joren.core.mentions import Words, mentioned, words_of
from joren.core.words import gettext_noop

_OPEN: Final = ("held", "waiting", "reading", "applying")


def _rows(traces: Traces) -> Iterator[Opened]:
    """Each cell is looked at by itself: part of a longer number is nobody's."""
    names = {int(one.id): one.name for one in stores()}
    numbers = {(names.get(store, ""), number) for store, number in traces.numbers}
    every = models.QuarantinedRow.objects.select_related("source").order_by("pk")
    for one in each_opened(every):
        cells = [str(value or "").strip() for value in one.cells.values()]
        if any(
            cell.lower() in traces.emails
            or (one.row.source.store, cell) in numbers
            or phone_of(cell) in traces.phones
            for cell in (*cells, one.value.strip())
            if cell
        ):
            yield one


def _files(traces: Traces) -> Iterator[tuple[str, bool]]:
    """Kept files in which an address or a phone of the person stands, and whether they will be in.

    An open one is told, for it will come in, and bring the person as somebody new.
    """
    words = words_of(traces)
    wanted = dict(models.Import.objects.filter(upload__gt="").values_list("upload", "status"))
    for name in uploads.all_kept():
        if not name.startswith(".") and _mentions(uploads.path_of(name), words):
            yield name, wanted.get(name) in _OPEN


def _mentions(path: Path, words: Words) -> bool:
    with suppress(OSError, EOFError, zlib.error), path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        return mentioned(gzip.GzipFile(fileobj=raw) if packed else raw, words)
    return False


def _goes(traces: Traces) -> dict[str, int]:
    files = [still_open for _, still_open in _files(traces)]
    return {
        gettext_noop("rows in quarantine"): sum(1 for _ in _rows(traces)),
        gettext_noop("uploaded files"): files.count(False),
    }


def _stays(traces: Traces) -> dict[str, int]:
    files = [still_open for _, still_open in _files(traces)]
    return {gettext_noop("uploaded files that are yet to come in"): files.count(True)}


def _erase(traces: Traces) -> dict[str, int]:
    rows = [one.row.pk for one in _rows(traces)]
    for start in range(0, len(rows), 500):
        models.QuarantinedRow.objects.filter(pk__in=rows[start : start + 500]).delete()
    files = [name for name, still_open in _files(traces) if not still_open]
    for name in files:
        uploads.discard(name)
    return {"rows in quarantine": len(rows), "uploaded files": len(files)}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [
        {gettext("File"): one.row.source.file_name, gettext("Row"): one.row.row, **one.cells}
        for one in _rows(traces)
    ]


def _old_rows(moment: datetime) -> Any:
    return models.QuarantinedRow.objects.filter(source__finished_at__lt=moment)


def _old_files(moment: datetime) -> list[str]:
    """Files of imports that are over, or of none."""
    still = set(
        models.Import.objects.filter(upload__gt="", status__in=_OPEN).values_list(
            "upload", flat=True
        )
    )
    return [name for name in uploads.all_kept() if name not in still and _since(name) < moment]


def _since(name: str) -> datetime:
    with suppress(FileNotFoundError):
        return datetime.fromtimestamp(uploads.path_of(name).stat().st_mtime, UTC)
    return datetime.now(UTC)


def _discard_old(moment: datetime) -> int:
    names = _old_files(moment)
    for name in names:
        uploads.discard(name)
    return len(names)


ERASER: Final = Eraser(
    gettext_noop("Files that came in"),
    ("connectors.quarantinedrow", "home.uploads"),
    goes=_goes,
    stays=_stays,
    erase=_erase,
    export=_export,
)
QUARANTINE: Final = Retention(
    gettext_noop("Rows in quarantine"),
    days=365,
    count=lambda moment: _old_rows(moment).count(),
    purge=lambda moment: int(_old_rows(moment).delete()[0]),
)
UPLOADS: Final = Retention(
    gettext_noop("Uploaded files that did not come in"),
    days=7,
    most=7,
    count=lambda moment: len(_old_files(moment)),
    purge=_discard_old,
)
