"""Workbooks as Excel writes them: real cells of dates and numbers, merged cells, several sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | bool | datetime | None
Rows = Sequence[Sequence[Cell]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_workbook(
    path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = (), first_row: int = 1
) -> Path:
    """Write the sheets; ``merged`` are ranges such as A1:C1 of each of them."""
    with zipfile.ZipFile(path, "w") as archive:
        parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
        book, links = [], [_link("s", "styles", "styles.xml")]
        for n, (name, rows) in enumerate(sheets.items(), 1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows, merged, first_row))
            parts.append((f"/xl/worksheets/sheet{n}.xml", "worksheet"))
            book.append(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>')
            links.append(_link(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml"))
        archive.writestr("[Content_Types].xml", _types(parts))
        archive.writestr("_rels/.rels", _links([_link("b", "officeDocument", "xl/workbook.xml")]))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{"".join(book)}</sheets>'
            "</workbook>",
        )
        archive.writestr("xl/_rels/workbook.xml.rels", _links(links))
        archive.writestr("xl/styles.xml", _STYLES)
    return path


def _sheet(rows: Rows, merged: Sequence[str], first_row: int) -> str:
    lines = "".join(
        f'<row r="{n}">{"".join(_cell(c, f"{chr(65 + x)}{n}") for x, c in enumerate(row))}</row>'
        for n, row in enumerate(rows, first_row)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    ranges = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{ranges}</worksheet>'


def _cell(cell: Cell, place: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, datetime):  # a cell has no zone
        serial = (cell - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001 (a serial has no zone)
        return f'<c r="{place}" s="1"><v>{serial!r}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def _types(parts: Sequence[tuple[str, str]]) -> str:
    named = "".join(
        f'<Override PartName="{name}" ContentType="{_CONTENT}.{kind}+xml"/>' for name, kind in parts
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    usual = f'<Default Extension="rels" ContentType="{rels}"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{usual}{named}</Types>'


def _link(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _links(links: Sequence[str]) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'
