"""Which column is which: the first rows, what they would become, and the mapping that is said."""

from __future__ import annotations

from collections.abc import Mapping as Words
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from joren.collect.connectors import selectors, services
from joren.collect.connectors.contracts import ColumnsUnknown, FieldChoice, ImportState, Preview
from joren.collect.connectors.services import Mapping, mapping_as_toml, mapping_of
from joren.core.clock import zone
from joren.core.errors import JorenError
from joren.plumbing import problems
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages.views.data import words
from joren.project.pages.views.data.imports import show

CONSTANTS: Final = 3


@dataclass(frozen=True)
class Choice:
    """A field and the columns to choose from."""

    field: FieldChoice
    label: str
    hint: str


@dataclass(frozen=True)
class Cell:
    """A cell of the file, and what was expected where it is wrong."""

    text: str
    expected: str


@needs("import")
@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, import_id: int) -> HttpResponse:
    state = selectors.import_state(import_id)
    said = _said(request) if request.method == "POST" else None
    # A file whose format is known can be read as any table, column by column.
    own = "generic" if request.POST.get("own") or request.POST.get("do") == "own" else None
    previewed = _previewed(state, said, own)
    # What cannot be read like this is said here, and not by a worker a minute later.
    can_begin = previewed["preview"] is not None and not previewed["preview"].missing
    if said is not None and request.POST.get("do") == "begin" and can_begin:
        services.begin(
            import_id,
            actor=caller(request).name,
            mapping=said,
            format=own,
            store=request.POST.get("store", state.store),
        )
        return HttpResponseRedirect(reverse("data"))
    shown = {
        "one": show(state, may=True),
        "fields": [],
        **previewed,
        "own": own,
        "said": said or _mapping_of(import_id),
    }
    return render(request, "pages/data/columns.html", shown)


@needs("import")
def mappings(request: HttpRequest) -> HttpResponse:
    found = [(one, gettext(words.KINDS[one.kind])) for one in selectors.mappings()]
    return render(request, "pages/data/mappings.html", {"mappings": found})


@needs("import")
def as_toml(request: HttpRequest, mapping_id: int) -> HttpResponse:  # noqa: ARG001 (Django's words)
    kept = selectors.mapping_remembered(mapping_id)
    answer = HttpResponse(
        mapping_as_toml(mapping_of(kept.mapping)), content_type="application/toml; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="mapping-{mapping_id}.toml"'
    return answer


@needs("import")
@require_POST
def forget(request: HttpRequest, mapping_id: int) -> HttpResponse:
    services.forget_mapping(mapping_id, actor=caller(request).name)
    return HttpResponseRedirect(reverse("data_mappings"))


def _previewed(state: ImportState, said: Mapping | None, format: str | None) -> dict[str, Any]:
    if not state.kept:
        return {"preview": None}
    try:
        found = services.preview(state.id, chosen=said, format=format)
    except JorenError as refused:
        return {"preview": None, "problem": problems.told(refused)}
    required, others = _choices(found)
    return {
        "preview": found,
        "missing": problems.told_of(ColumnsUnknown.__name__, found.missing, found.hint)
        if found.missing
        else None,
        "format": gettext(words.FORMATS[found.format]),
        "required": required,
        "others": others,
        "rows": _rows(found),
        "becomes_header": [gettext(words.FIELDS[name]) for name in _filled(found)],
        "becomes": _becomes(found, said),
        "all_fields": [(one.name, gettext(words.FIELDS[one.name])) for one in found.choices],
        "constants": range(CONSTANTS),
    }


def _choices(found: Preview) -> tuple[list[Choice], list[Choice]]:
    hints = {
        "chosen": gettext("as you said"),
        "header": gettext("by the header"),
        "values": gettext("by the values"),
    }
    every = [
        Choice(one, gettext(words.FIELDS[one.name]), hints.get(one.because, ""))
        for one in found.choices
    ]
    first = [
        one
        for one in every
        if one.field.required or one.field.column or one.field.name in words.FIRST_FIELDS
    ]
    return first, [one for one in every if one not in first]


def _rows(found: Preview) -> list[tuple[int, list[Cell]]]:
    return [
        (
            number,
            [
                Cell(text, _expected(found.wrong.get((number, column), "")))
                for column, text in zip(found.columns, row, strict=True)
            ],
        )
        for number, row in enumerate(found.rows, 1)
    ]


def _expected(words_of_ours: str) -> str:
    return gettext(words_of_ours) if words_of_ours else ""


def _filled(found: Preview) -> list[str]:
    """Fields that some row has, in the order of the fields."""
    return [
        name for name in words.FIELDS if any(row.get(name) is not None for row in found.becomes)
    ]


def _becomes(found: Preview, said: Mapping | None) -> list[tuple[int, list[str]]]:
    clock = zone(said.time_zone) if said and said.time_zone else timezone.get_current_timezone()
    return [
        (
            row["source_row"],
            [_shown(row, name, found, clock) for name in _filled(found)],
        )
        for row in found.becomes
    ]


def _shown(row: Words[str, Any], name: str, found: Preview, clock: Any) -> str:
    value = row.get(name)
    if value is None:
        return showing.NOTHING
    if name in found.money:
        return showing.amount(value, row.get("currency") or found.currency)
    if isinstance(value, datetime):
        return f"{value.astimezone(clock):%Y-%m-%d %H:%M}"
    return str(value)


def _said(request: HttpRequest) -> Mapping:
    """The mapping of the form; what is left empty is found by the header."""
    form = request.POST
    columns = {
        name.removeprefix("column-"): str(value)
        for name, value in form.items()
        if name.startswith("column-") and value
    }
    constants = {
        form.get(f"constant-field-{n}", ""): form.get(f"constant-value-{n}", "")
        for n in range(CONSTANTS)
    }
    constants = {name: value for name, value in constants.items() if name and value}
    sheet = form.get("sheet", "").strip()
    if sheet != form.get("sheet-shown", "").strip():
        columns = {}  # they are of the sheet that was shown
    said = mapping_of({"columns": columns, "constants": constants})
    zone_name = form.get("time_zone", "").strip()
    if zone_name:
        zone(zone_name)
    return replace(
        said,
        currency=form.get("currency", "").strip().upper() or None,
        time_zone=zone_name or None,
        sheet=sheet or None,
    )


def _mapping_of(import_id: int) -> Mapping:
    kept = selectors.mapping_of_import(import_id)["mapping"]
    return mapping_of(kept) if kept else Mapping()
