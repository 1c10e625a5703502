"""Tags that every page uses: figures, charts, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from joren.collect.quality.contracts import Verdict
from joren.core.figures import Figure
from joren.plumbing.glossary import term
from joren.project import showing
from joren.project.pages.charts import Chart
from joren.project.pages.tables import Column, Heat, Linked, Row, Table, Value
from joren.project.showing import USES
from joren.project.static_files import VEGA

register = template.Library()
_LONG = 24  # letters; a longer text may break into lines

_ROLES = {
    "viewer": gettext_noop("Viewer"),
    "marketer": gettext_noop("Marketer"),
    "support": gettext_noop("Support"),
    "analyst": gettext_noop("Analyst"),
    "admin": gettext_noop("Admin"),
}


@dataclass(frozen=True)
class Shown:
    """A figure in the reader's language."""

    name: str
    text: str
    term: str
    definition: str
    unknown: bool
    why: str
    n: str
    interval: str
    level: str
    as_of: str
    model: str


@register.inclusion_tag("joren/_figure.html")
def figure(value: Figure) -> dict[str, Any]:
    """The value, and behind the ⓘ all that an honest reader asks for."""
    return {"shown": _shown(value), "about": _about(value, get_language() or "ja")}


@register.inclusion_tag("joren/_explained.html")
def about(value: Figure) -> dict[str, Any]:
    """The ⓘ alone, beside a sentence that says the value."""
    return {"term": word(value.name), "about": _about(value, get_language() or "ja")}


@lru_cache(maxsize=4_096)
def _about(value: Figure, _language: str) -> SafeString:
    """What stands behind the ⓘ. Of hundreds in a table most stand on the next page too."""
    return render_to_string("joren/_about.html", {"shown": _shown(value)})


def _shown(value: Figure) -> Shown:
    language = get_language() or "ja"
    known = term(value.name)
    return Shown(
        name=value.name,
        text=showing.text(value),
        term=known.word(language) if known else value.name,
        definition=known.definition(language) if known else "",
        unknown=value.value is None,
        why=showing.reason(value.why),
        n="" if value.n is None else f"{value.n:,}",
        interval=showing.interval(value),
        level="" if value.level is None else f"{value.level:.0%}",
        as_of=value.as_of,
        model=showing.model(value.model),
    )


@register.simple_tag
def interval(value: Figure) -> str:
    """``90% interval ¥1,200 – ¥1,900``, to stand under the value; "" where there is none."""
    between = showing.interval(value)
    if not between or value.level is None:
        return ""
    return gettext("%(level)s interval %(between)s") % {
        "level": f"{value.level:.0%}",
        "between": between,
    }


@register.filter
def known_of(value: Figure) -> str:
    """What has to be said beside a value that is known, but not wholly; "" where it is."""
    return showing.reason(value.why) if value.value is not None else ""


@register.filter
def plain(value: Figure) -> str:
    """The figure's value alone, for a sentence."""
    return showing.text(value)


@register.filter
def amount(value: float | None, unit: str) -> str:
    """``{{ 198000|amount:"JPY" }}``"""
    return showing.amount(value, unit)


@register.simple_tag
def word(key: str) -> str:
    """The glossary's word in the reader's language."""
    known = term(key)
    return known.word(get_language() or "ja") if known else key


@register.simple_tag
def role_name(role: str) -> str:
    return gettext(_ROLES[role])


@dataclass(frozen=True)
class _RestsOn:
    """What the facts are enough for, in the reader's language."""

    use: str
    enough: bool
    why: str


@register.inclusion_tag("joren/_rests_on.html")
def rests_on(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Whether the facts are enough for what the page shows; nothing before the first refresh."""
    shown = [
        _RestsOn(gettext(USES[one.use]), one.enough, showing.reason(one.why))
        for one in verdicts or ()
    ]
    return {"verdicts": shown, "short": any(not one.enough for one in shown)}


register.simple_tag(showing.profile_name)


@register.simple_tag
def vega_address() -> str:
    return static(VEGA)


@register.inclusion_tag("joren/_chart.html", takes_context=True)
def chart(context: RequestContext, drawn: Chart) -> dict[str, Any]:
    """The chart, its words for those who cannot see it, and its numbers."""
    day = _day(context)
    return {
        "request": context.get("request"), "chart": drawn, "spec_id": f"{drawn.name}-spec",
        "about": _explained(drawn.term, drawn.title, day, drawn.model, drawn.n),
        "figures_as_of": day,
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def explained(context: RequestContext, key: str) -> SafeString:
    """The ⓘ of a word of the glossary, for a rank that stands alone."""
    return _explained(key, word(key), _day(context)) or SafeString()


def _day(context: RequestContext) -> str:
    return str(context.get("figures_as_of") or "")


def _explained(
    key: str, shown: str, day: str, model: str = "", n: int | None = None, why: str = ""
) -> SafeString | None:
    """The ⓘ of numbers that do not explain themselves."""
    if not key:
        return None
    said = Figure(key, None, "", n=n, as_of=day, model=model, why=why)
    about = _about(said, get_language() or "ja")
    return render_to_string("joren/_explained.html", {"term": shown, "about": about})


@dataclass(frozen=True)
class _Cell:
    text: str
    css: str = ""
    address: str = ""
    about: SafeString | None = None
    below: _Cell | None = None


@dataclass(frozen=True)
class _Head:
    column: Column
    below: str = ""
    about: SafeString | None = None


@register.inclusion_tag("joren/_datatable.html", takes_context=True)
def datatable(context: RequestContext, table: Table) -> dict[str, Any]:
    """The table, and the address of the same as CSV."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query["format"] = "csv"
    query["table"] = table.name
    query.pop("after", None)  # a file holds all of it, not the page that is shown
    day = _day(context)
    heads: list[_Head] = []
    for column in table.columns:
        if column.below:
            heads[-1] = replace(heads[-1], below=column.label)
        else:
            heads.append(_Head(column, about=_head_about(column, day)))
    return {
        "table": table, "heads": heads,
        "about": _explained(table.term, table.caption, day, table.model, table.n),
        "rows": [_row(row, table.columns) for row in table.rows],
        "csv_query": query.urlencode(), "note": table.note,
    }  # fmt: skip


def _head_about(column: Column, day: str) -> SafeString | None:
    return _explained(column.term, column.label, day, column.model, column.n, column.why)


def _row(row: Row, columns: Sequence[Column]) -> SafeString:
    """Its HTML. A template would ask ten questions of each of thousands of cells."""
    cells: list[_Cell] = []
    for one, column in zip(row.cells, columns, strict=True):
        cell = _cell(one, column)
        if column.below:
            cells[-1] = replace(cells[-1], below=cell)
        else:
            cells.append(cell)
    thin = ' class="is-thin"' if row.thin else ""
    return SafeString(f"<tr{thin}>{''.join(map(_drawn, cells))}</tr>")


def _drawn(cell: _Cell) -> str:
    css = f' class="{_escaped(cell.css)}"' if cell.css else ""
    text = _linked(cell)
    if cell.about and not cell.address:
        text = f'<details class="about"><summary>{text}</summary>{cell.about}</details>'
    below = f"<small>{_linked(cell.below)}</small>" if cell.below and cell.below.text else ""
    return f"<td{css}>{text}{below}</td>"


def _linked(cell: _Cell) -> str:
    text = _escaped(cell.text)
    return f'<a href="{_escaped(cell.address)}">{text}</a>' if cell.address else text


def _escaped(text: str) -> str:
    return text if isinstance(text, SafeString) else escape(text)


def _cell(cell: Value | Linked | Heat, column: Column) -> _Cell:
    if isinstance(cell, Linked):
        return replace(_cell(cell.shown, column), address=cell.address)
    if isinstance(cell, Heat):
        level = max(0, min(9, cell.level))
        ground = "is-thin" if cell.thin else f"heat-{level}"
        css = "number" if cell.value is None else f"number {ground}"
        return _Cell(showing.amount(cell.value, column.unit), css)
    if isinstance(cell, Figure):
        css = "number is-unknown" if cell.value is None else "number"
        return _Cell(showing.text(cell), css, about=_about(cell, get_language() or "ja"))
    if isinstance(cell, date | datetime):
        return _Cell(showing.moment(cell), "date")
    if isinstance(cell, str):
        if column.unit:  # a word where the other rows have numbers
            return _Cell(cell, "is-word")
        return _Cell(cell, "long" if len(cell) > _LONG else "")
    return _Cell(showing.amount(cell, column.unit), "number" if column.unit else "")
