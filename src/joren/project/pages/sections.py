"""What the pages of figures have in common: the newest snapshot, and sections one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from joren.core.figures import Figure
from joren.core.money import UNKNOWN_CURRENCY, Money
from joren.plumbing.glossary import term
from joren.plumbing.warehouse import warehouse
from joren.project.pages.charts import Chart
from joren.project.pages.tables import Table, csv_asked
from joren.warehouse import Snapshot

Page = Callable[[HttpRequest], HttpResponseBase]
OfSnapshot = Callable[[HttpRequest, Snapshot], HttpResponseBase]


@dataclass(frozen=True)
class Tab:
    """One choice of several."""

    label: str
    address: str
    here: bool


@dataclass(frozen=True)
class Tabs:
    """A choice: what is chosen, and what else could be."""

    name: str
    tabs: Sequence[Tab]


@dataclass(frozen=True)
class Section:
    """One panel of a page."""

    title: str
    text: str = ""
    cautions: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    choices: Sequence[Tabs] = ()
    name: str = ""  # what the address of this section ends with, after #
    asks: Sequence[tuple[str, str, str]] = ()  # name, label, what is typed: a form of numbers
    form: str = ""  # a template of the page's own, between the words and the charts
    folded: bool = False  # for who wants to know more: shown when it is opened


def of_the_latest(title: str) -> Callable[[OfSnapshot], Page]:
    """Hand the page the newest snapshot; before the first refresh, say what to do instead."""

    def wrap(page: OfSnapshot) -> Page:
        @wraps(page)
        def shown(request: HttpRequest) -> HttpResponseBase:
            snapshot = warehouse().snapshots.latest()
            if snapshot is None:
                return render(request, "pages/nothing_yet.html", {"heading": gettext(title)})
            return page(request, snapshot)

        return shown

    return wrap


def show(
    request: HttpRequest, template: str, sections: Sequence[Section], **more: object
) -> HttpResponseBase:
    """The page, or the one of its tables that ``?format=csv`` asks for. ``figures_as_of`` among
    what is handed on is the day behind each ⓘ of a table's head and of a chart."""
    return csv_asked(request, *_tables(sections)) or render(
        request, template, {"sections": sections, **more}
    )


def tabs(
    request: HttpRequest,
    name: str,
    labels: Mapping[str, str],
    chosen: str,
    *,
    without: Sequence[str] = (),
) -> Tabs:
    """Links that change one thing of the address and keep the rest, but for what is of the one
    that was chosen."""

    def address(value: str) -> str:
        query = request.GET.copy()
        query[name] = value
        for one in without:
            query.pop(one, None)
        return f"?{query.urlencode()}"

    return Tabs(
        name, [Tab(label, address(value), value == chosen) for value, label in labels.items()]
    )


def currency_of(snapshot: Snapshot | None) -> str:
    """The currency of the figures; None asks the newest."""
    newest = snapshot or warehouse().snapshots.latest()
    said = newest.settings.get("currency") if newest else None
    return str(said or UNKNOWN_CURRENCY)


def word(key: str) -> str:
    """The glossary's word in the reader's language."""
    known = term(key)
    return known.word(get_language() or "ja") if known else key


def major(value: float | None, unit: str) -> float | None:
    """Money as a chart draws it: in the currency's major unit."""
    if value is None or not (len(unit) == 3 and unit.isupper()):
        return value
    return float(Money(round(value), unit).major)


def _tables(sections: Iterable[Section]) -> list[Table]:
    found: list[Table] = []
    for one in sections:
        found.extend(chart.table for chart in one.charts if chart.table)
        found.extend(one.tables)
    return found
