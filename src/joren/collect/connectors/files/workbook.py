"""Excel workbooks, old and new."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine

from joren.collect.connectors.contracts import ColumnsRepeat, FileBinary, FileEmpty
from joren.core.errors import BadInput

_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 50_000


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
    """Write the sheet's rows as text; the first row names the columns."""
    rows = _rows(source, sheet, name)
    if not rows:
        raise FileEmpty(f"{name}: the sheet has no row", hint="put the table on the first sheet")
    header = tuple(_text(cell) or f"column {n}" for n, cell in enumerate(rows[0], 1))
    if len({cell.casefold() for cell in header}) < len(header):
        raise ColumnsRepeat(f"{name} has two columns of one name", hint="rename one of them")
    schema = pa.schema([(column, pa.string()) for column in header])
    with pq.ParquetWriter(target, schema) as writer:
        for start in range(1, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            columns = [
                [_text(cell) or None for cell in column] for column in zip(*part, strict=True)
            ]
            writer.write_table(pa.table(columns, schema=schema))
    return header


def _rows(source: Path, sheet: str | None, name: str) -> list[list[Any]]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(source))
    except Exception as broken:
        raise FileBinary(
            f"{name} cannot be opened as a workbook: {str(broken)[:200]}",
            hint="if it has a password, save it without; if not, save it as CSV",
        ) from None
    names = book.sheet_names
    if sheet is not None and sheet not in names:
        raise BadInput(f"{name} has no sheet {sheet!r}", hint=f"it has: {', '.join(names)}")
    rows: list[list[Any]] = book.get_sheet_by_name(sheet or names[0]).to_python()
    return rows


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 9e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip()
