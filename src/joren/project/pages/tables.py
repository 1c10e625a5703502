"""Tables: what a page shows under a chart, and the same as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse

from joren.core.figures import Figure
from joren.core.money import decimals
from joren.plumbing.access import caller
from joren.protect.audit import services as audit

Value = str | int | float | date | datetime | Figure | None


@dataclass(frozen=True)
class Column:
    """``unit`` as in a Figure (JPY, share, orders …), "count" for bare numbers, "" for words."""

    label: str
    unit: str = ""
    sorts: str = ""  # the address that orders the table by this column
    order: str = ""  # "ascending", "descending" where it is ordered so
    below: bool = False  # on a page it is a second line of the column before; a file has it apart
    term: str = ""  # the key in the glossary of what its numbers are, where they do not say it
    model: str = ""  # by which they are predicted
    n: int | None = None  # of how many the list is
    why: str = ""  # where their interval stands, or why there is none; see core.words


@dataclass(frozen=True)
class Heat:
    """A cell on a coloured ground; ``level`` from 0 (pale) to 9 (deep).

    A ``thin`` one rests on too few cases: it is grey, for a colour would promise too much.
    """

    value: float | None
    level: int
    thin: bool = False


@dataclass(frozen=True)
class Linked:
    """A cell that leads somewhere."""

    shown: Value | Heat
    address: str


@dataclass(frozen=True)
class Row:
    """Cells; a thin row rests on too few cases and is greyed."""

    cells: Sequence[Value | Linked | Heat]
    thin: bool = False


@dataclass(frozen=True)
class Table:
    """``name`` tells the tables of one page apart in the CSV's address."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    file: bool = True  # may it be taken away as CSV?
    people: bool = False  # a row for a customer: its file is for few, and is written down
    term: str = ""  # the key in the glossary of all its numbers, where they are of one kind
    model: str = ""  # by which they are made
    n: int | None = None  # on how many customers they rest


def csv_asked(request: HttpRequest, *tables: Table) -> StreamingHttpResponse | None:
    """The table that ``?format=csv&table=NAME`` asks for, or None: then show the page."""
    if request.GET.get("format") != "csv":
        return None
    business = getattr(request, "business", None)
    simulated = business is not None and business.simulated
    wanted = request.GET.get("table", tables[0].name if tables else "")
    for table in tables:
        if table.name == wanted:
            if table.people:
                _write_down(request, table)
            return as_csv(table, simulated=simulated)
    return None


def _write_down(request: HttpRequest, table: Table) -> None:
    who = caller(request)
    if not who.may("export"):
        raise PermissionDenied("export")
    audit.record(
        "customers.exported", actor=who.name, subject_kind="table", subject_id=table.name,
        customers=len(table.rows), personal=False,
    )  # fmt: skip


def as_csv(table: Table, *, simulated: bool = False) -> StreamingHttpResponse:
    """The table as a file that Excel in Japan opens right: UTF-8 with a mark.

    Figures of an invented shop say so in their name and in every row, wherever the file goes.
    """
    mark = ["true"] if simulated else []
    writer = csv.writer(_Echo())
    lines = (
        writer.writerow(
            [
                *(_plain(cell, column) for cell, column in zip(cells, table.columns, strict=True)),
                *mark,
            ]
        )
        for cells in (row.cells for row in table.rows)
    )
    header = writer.writerow(
        [*(column.label for column in table.columns), *(["simulated"] if simulated else [])]
    )

    def whole() -> Iterator[str]:
        yield "\ufeff" + header
        yield from lines

    response = StreamingHttpResponse(whole(), content_type="text/csv; charset=utf-8")
    name = quote(f"simulated-{table.name}" if simulated else table.name)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.csv"
    return response


class _Echo:
    """csv writes; this hands the line back."""

    def write(self, line: str) -> str:
        return line


def _plain(cell: Value | Linked | Heat, column: Column) -> str:
    if isinstance(cell, Linked):
        cell = cell.shown
    if isinstance(cell, Figure):
        column, cell = Column(column.label, cell.unit), cell.value  # its own unit is the right one
    if isinstance(cell, Heat):
        cell = cell.value
    if cell is None:
        return ""
    if isinstance(cell, str):
        # A spreadsheet runs text that begins so; people's names come from files of strangers.
        return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if len(column.unit) == 3 and column.unit.isupper():
        return str(Decimal(round(cell)).scaleb(-decimals(column.unit)))
    return repr(cell)
