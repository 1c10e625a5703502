"""Who is erased goes out of the files that are kept, by their number in the first column."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_noop

from joren.core.erasing import Eraser, Traces
from joren.decide.exports import models, selectors


def _files() -> Iterator[tuple[models.File, Path]]:
    for row in models.File.objects.filter(state="kept").select_related("schedule"):
        path = selectors.path_of(row)
        if path.exists():
            yield row, path


def _goes(traces: Traces) -> dict[str, int]:
    gone = {str(one) for one in traces.customers}
    found = sum(1 for row, path in _files() for cells in _rows(row, path) if cells[0] in gone)
    return {gettext_noop("rows of files for envelopes"): found}


def _erase(traces: Traces) -> dict[str, int]:
    gone = {str(one) for one in traces.customers}
    found = 0
    for row, path in _files():
        kept = list(_rows(row, path))
        left = [cells for cells in kept if cells[0] not in gone]
        if len(left) < len(kept):
            found += len(kept) - len(left)
            _rewrite(row, path, left)
            models.File.objects.filter(pk=row.pk).update(people=len(left) - 1)
    # What is being written now may hold them: it is begun again.
    for part in selectors.folder().glob("*.part") if selectors.folder().exists() else ():
        part.unlink(missing_ok=True)
    return {"rows of files for envelopes": found}


def _rows(row: models.File, path: Path) -> Iterator[list[str]]:
    with path.open(encoding=_encoding(row), newline="") as file:
        yield from (cells for cells in csv.reader(file) if cells)


def _rewrite(row: models.File, path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    part = path.with_suffix(".less")
    with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:  # noqa: PTH123 (Path opens no file by its number)
        out.write(text.getvalue().encode(_encoding(row)))
    part.replace(path)


def _encoding(row: models.File) -> str:
    return "cp932" if row.schedule.encoding == "cp932" else "utf-8-sig"


ERASER: Final = Eraser(
    gettext_noop("Files for envelopes"), ("home.exports",), goes=_goes, erase=_erase
)
