"""Excel workbooks, old and new."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine

from joren.collect.connectors.contracts import FileBinary, FileEmpty
from joren.collect.connectors.files import headings
from joren.collect.connectors.files.lines import LINE
from joren.core.errors import BadInput

_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 50_000
_WHOLE = 1e21
"""Numbers below it are written in digits: an order number is none in powers of ten."""

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class _Table:
    """The rows of a sheet from below its header, each with its number in the sheet."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def is_one(source: Path, magic: bytes) -> bool:
    """Does the file look like a workbook? Other zip files do not."""
    if magic.startswith(_OLE):
        return True
    if not magic.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(source) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def to_parquet(source: Path, target: Path, *, sheet: str | None, name: str) -> tuple[str, ...]:
    """Write the table's rows as text, each with the number that Excel shows beside it.

    Without ``sheet`` it is the first one with a table.
    """
    table = _table(source, sheet, name)
    columns = headings.told_apart(table.columns)
    schema = pa.schema([(LINE, pa.int64()), *((column, pa.string()) for column in columns)])
    with pq.ParquetWriter(target, schema) as writer:
        while part := list(islice(table.rows, _CHUNK)):
            across = zip(*(cells for _, cells in part), strict=True)
            texts = [[cell or None for cell in column] for column in across]
            writer.write_table(pa.table([[n for n, _ in part], *texts], schema=schema))
    return columns


def sheets_of(source: Path) -> tuple[str, ...]:
    """The names of the sheets that a person sees; none where the file is no workbook."""
    with source.open("rb") as file:
        magic = file.read(8)
    if not is_one(source, magic):
        return ()
    try:
        return tuple(_shown(python_calamine.CalamineWorkbook.from_path(str(source))))
    except python_calamine.CalamineError:
        return ()


def _table(source: Path, sheet: str | None, name: str) -> _Table:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(source))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise BadInput(f"{name} has no sheet {sheet!r}", hint=f"it has: {', '.join(names)}")
        return _first_table(book, [sheet] if sheet is not None else _shown(book), name)
    except python_calamine.CalamineError as broken:
        raise FileBinary(
            f"{name} cannot be opened as a workbook: {str(broken)[:200]}",
            hint="if it has a password, save it without; if not, save it as CSV",
        ) from None


def _shown(book: Any) -> list[str]:
    """The sheets of cells that a person sees; all of them where none is shown."""
    cells = [
        one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    shown = [one for one in cells if one.visible == python_calamine.SheetVisibleEnum.Visible]
    return [one.name for one in shown or cells]


def _first_table(book: Any, names: Sequence[str], name: str) -> _Table:
    """The first with a header and a row below it, or else the first that is not empty."""
    tables = (found for sheet in names if (found := _read(book.get_sheet_by_name(sheet))))
    first = None
    for table in tables:
        some = next(table.rows, None)
        table = replace(table, rows=chain([some] if some else [], table.rows))
        if some and len(table.columns) > 1:
            return table
        first = first or table
    if first is None:
        raise FileEmpty(f"{name}: no sheet has a row", hint="put the table on the first sheet")
    return first


def _read(sheet: Any) -> _Table | None:
    """The sheet from its header on; blank rows are none. None where the sheet is empty."""
    rows = ((n, [_text(cell) for cell in row]) for n, row in enumerate(sheet.iter_rows(), 1))
    top = list(islice(rows, headings.LOOK))
    if not any(any(cells) for _, cells in top):
        return None
    heading = headings.find([cells for _, cells in top], sheet.merged_cell_ranges or ())
    data = chain(top[heading.rows :], rows)
    return _Table(heading.names, (row for row in data if any(row[1])))


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE:
        return str(int(cell))
    if isinstance(cell, datetime):
        whole = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return whole.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip()
