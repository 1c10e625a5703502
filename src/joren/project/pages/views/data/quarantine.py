"""Rows that wait: why, how to repair them, one by one or all of a reason at once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from joren.collect.connectors import selectors, services
from joren.collect.connectors.contracts import Fault, ImportReport, Waiting
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages.typed import whole
from joren.project.pages.views.data import words
from joren.protect.audit import services as audit

PAGE = 50


@dataclass(frozen=True)
class Cell:
    """One cell of a row, by its place, since a column's name may be anything."""

    place: int
    column: str
    text: str
    wrong: bool


@dataclass(frozen=True)
class Shown:
    """A row that waits, and its cells to be repaired."""

    row: Waiting
    why: str
    first: Cell | None  # the wrong one, where the row has it
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Order:
    """Rows that wait together."""

    number: str
    file_name: str
    rows: tuple[Shown, ...]


@needs("view_figures")
def quarantine(request: HttpRequest) -> HttpResponse:
    asked = request.GET
    import_id = whole(asked.get("import", ""))
    state = "dropped" if asked.get("state") == "dropped" else "waiting"
    column, expected = asked.get("column"), asked.get("expected")
    found = selectors.quarantine(
        import_id=import_id,
        column=column,
        expected=expected,
        state=state,
        after=asked.get("after", ""),
        limit=PAGE,
    )
    may_see = caller(request).may("view_personal")
    if may_see:
        looked = len(found.items)
        services.tell_of_look(looked, import_id=import_id, actor=caller(request).name)
    rows = [one if may_see else one.masked() for one in found.items]
    kept = {
        "import": import_id,
        "column": column,
        "expected": expected,
        "state": asked.get("state"),
    }
    query = {name: value for name, value in kept.items() if value not in (None, "")}
    shown = {
        "orders": _orders(rows),
        "faults": _faults(import_id, see=may_see) if state == "waiting" else (),
        "files": selectors.waiting_by_import(),
        "import_id": import_id,
        "column": column,
        "expected": expected,
        "state": state,
        "next": urlencode({**query, "after": found.next}) if found.next else "",
        "back": f"?{urlencode(query)}",
        "may_repair": caller(request).may("import"),
        "may_see": may_see,
    }
    return render(request, "pages/data/quarantine.html", shown)


@needs("import")
@require_POST
def repair(request: HttpRequest) -> HttpResponse:
    """Cells come as ``cell-PLACE``; only those that differ from what waits are repairs."""
    (number,) = _numbers(request) or (0,)
    row = selectors.waiting_row(number)
    cells = {
        column: request.POST[f"cell-{place}"]
        for place, column in enumerate(row.raw)
        if request.POST.get(f"cell-{place}", row.raw[column] or "") != (row.raw[column] or "")
    }
    reports = services.retry_quarantine(
        [number], repairs={number: cells} if cells else None, actor=caller(request).name
    )
    return _back(request, reports)


@needs("import")
@require_POST
def replace_value(request: HttpRequest) -> HttpResponse:
    said = request.POST
    reports = services.replace_value(
        said.get("column", ""),
        said.get("value", ""),
        said.get("replacement", ""),
        import_id=whole(said.get("import", "")),
        actor=caller(request).name,
    )
    return _back(request, reports)


@needs("import")
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    said = request.POST
    if "row" in said:
        ids: tuple[int, ...] = _numbers(request)
    else:
        ids = selectors.quarantine_ids(
            import_id=whole(said.get("import", "")),
            column=said.get("column", ""),
            expected=said.get("expected", ""),
        )
    count = services.drop_quarantine(ids, actor=caller(request).name)
    text = ngettext(
        "%(n)s row was dropped. It can be put back under Dropped.",
        "%(n)s rows were dropped. They can be put back under Dropped.",
        count,
    )
    messages.success(request, text % {"n": f"{count:,}"})
    return HttpResponseRedirect(_address(request))


@needs("import")
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    services.restore_quarantine(_numbers(request), actor=caller(request).name)
    messages.success(request, gettext("It waits again."))
    return HttpResponseRedirect(_address(request))


@needs("import")
def as_csv(request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """The waiting rows as a file that can be repaired in a spreadsheet and imported again."""
    audit.record(
        "connectors.rows_exported",
        actor=caller(request).name,
        subject_kind="quarantine",
        subject_id=import_id,
    )
    answer = StreamingHttpResponse(_lines(import_id), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="waiting-{import_id}.csv"'
    return answer


def _lines(import_id: int) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in selectors.waiting_as_lines(import_id):
        # As they stand in the file: what goes back in must be what came out.
        yield writer.writerow(row)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _faults(import_id: int | None, *, see: bool) -> list[tuple[Fault, str]]:
    """Reasons with what was expected, in the reader's language."""
    found = selectors.faults(import_id=import_id)
    if not see:
        found = tuple(replace(one, values=()) for one in found)
    return [(one, gettext(one.expected) if one.expected else "") for one in found]


def _orders(rows: list[Waiting]) -> list[Order]:
    found = []
    for (_source, number), same in groupby(rows, key=lambda row: (row.import_id, row.group)):
        together = tuple(_shown(row) for row in same)
        if number:
            found.append(Order(number, together[0].row.file_name, together))
        else:
            found += [Order("", one.row.file_name, (one,)) for one in together]
    return found


def _shown(row: Waiting) -> Shown:
    cells = tuple(
        Cell(place, column, str(text or ""), column == row.column)
        for place, (column, text) in enumerate(row.raw.items())
    )
    return Shown(row, _why(row), next((cell for cell in cells if cell.wrong), None), cells)


def _why(row: Waiting) -> str:
    """Why the row waits, in the reader's language."""
    if sibling := re.fullmatch(r"waits for row (\d+) of the same order", row.reason):
        return gettext("waits for row %(n)s of the same order") % {"n": sibling[1]}
    if not row.expected or row.expected not in words.EXPECTED:
        return showing.reason(row.reason)
    asked = {"column": row.column, "value": row.value, "expected": gettext(row.expected)}
    if not row.value:
        return gettext("%(column)s is empty; expected: %(expected)s") % asked
    return gettext("%(column)s is “%(value)s”; expected: %(expected)s") % asked


def _numbers(request: HttpRequest) -> tuple[int, ...]:
    """The rows that the form names."""
    return tuple(
        number for text in request.POST.getlist("row") if (number := whole(text)) is not None
    )


def _back(request: HttpRequest, reports: tuple[ImportReport, ...]) -> HttpResponse:
    taken = sum(one.accepted + one.updated + one.unchanged for one in reports)
    left = sum(one.quarantined for one in reports)
    if left:
        text = gettext("%(taken)s rows came in, %(left)s still wait.")
        messages.warning(request, text % {"taken": f"{taken:,}", "left": f"{left:,}"})
    else:
        text = ngettext("%(n)s row came in.", "%(n)s rows came in.", taken)
        messages.success(request, text % {"n": f"{taken:,}"})
    return HttpResponseRedirect(_address(request))


def _address(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    return reverse("data_quarantine") + (back if back.startswith("?") else "")
