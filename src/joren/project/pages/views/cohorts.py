"""Groups of customers that began together, followed over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.plumbing.access import needs
from joren.project.pages.charts import COMPACT, Chart, lines
from joren.project.pages.sections import Section, major, of_the_latest, show, word
from joren.project.pages.tables import Column, Heat, Row, Table
from joren.understand.cohorts import selectors
from joren.understand.cohorts.contracts import (
    DIMENSIONS,
    MEASURES,
    NAMES,
    THIN,
    CohortCell,
    CohortMatrix,
    CohortRow,
)
from joren.warehouse import Snapshot

_BY = {
    "all": gettext_noop("Month of first purchase"),
    "store": gettext_noop("Store"),
    "sku": gettext_noop("First product"),
    "category": gettext_noop("First category"),
    "source": gettext_noop("First source"),
}
_DRAWN = 8  # lines that one can still tell apart


@dataclass(frozen=True)
class Tab:
    """One choice of several."""

    label: str
    address: str
    here: bool


@needs("view_figures")
@of_the_latest(gettext_noop("Cohorts"))
def cohorts(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    measure = selectors.measure_named(request.GET.get("measure", "retention"))
    dimension = selectors.dimension_named(request.GET.get("dimension", "all"))
    report = selectors.cohort_report(snapshot)
    if dimension == "all":
        found = selectors.matrix(snapshot, measure=measure)
    else:
        found = selectors.comparison(snapshot, dimension=dimension, measure=measure)
    return show(
        request,
        "pages/cohorts.html",
        [_section(found)],
        headline=[one for one in report.figures.values() if one.value is not None],
        measures=[
            Tab(word(NAMES[one]), _address(one, dimension), one == measure) for one in MEASURES
        ],
        dimensions=[
            Tab(gettext(_BY[one]), _address(measure, one), one == dimension) for one in DIMENSIONS
        ],
    )


def _address(measure: str, dimension: str) -> str:
    return "?" + urlencode({"measure": measure, "dimension": dimension})


def _section(found: CohortMatrix) -> Section:
    title, by = word(found.name), gettext(_BY[found.dimension])
    ages = max((cell.age for row in found.rows for cell in row.cells if cell.mature), default=0)
    columns = [Column(by), Column(gettext("Customers"), "count")]
    columns += [Column(str(age), found.unit) for age in range(ages + 1)]
    deepest = _deepest(found)
    rows = [_row(row, ages, deepest) for row in found.rows]
    note = gettext(
        "Columns are months since the first; only months that have fully passed are shown. "
        "Rows of fewer than %(n)s customers are grey."
    ) % {"n": THIN}
    table = Table("cohorts", title, columns, rows, note)
    return Section(f"{title} · {by}", charts=[_chart(found)], tables=[table])


def _row(row: CohortRow, ages: int, deepest: float) -> Row:
    known = {cell.age: cell.value for cell in row.cells if cell.mature}
    values = [known.get(age) for age in range(ages + 1)]
    if row.customers < THIN:  # grey: a deep colour would promise too much, and hide the number
        return Row([_name(row), row.customers, *values], thin=True)
    return Row([_name(row), row.customers, *(_heat(one, deepest) for one in values)])


def _heat(value: float | None, deepest: float) -> Heat | None:
    if value is None:
        return None
    level = int(9 * value / deepest) if deepest > 0 else 0
    return Heat(value, max(0, min(9, level)))


def _deepest(found: CohortMatrix) -> float:
    # Everybody buys in the first month: beside that, all that follows would be pale.
    values = [cell.value for row in found.rows for cell in row.cells if cell.mature and cell.age]
    return max((value for value in values if value is not None), default=0.0)


def _chart(found: CohortMatrix) -> Chart:
    # Retention begins at one for everybody; the line begins with what differs.
    first = 1 if found.measure == "retention" else 0
    rows = [
        _point(row, cell, found.unit)
        for row in found.rows[-_DRAWN:]
        for cell in row.cells
        if cell.mature and cell.age >= first and cell.value is not None
    ]
    said = gettext("Each line is one row of the table; months since the first lie to the right.")
    form = ".0%" if found.unit == "share" else COMPACT
    drawn = lines(
        rows, x="month", y="value", color="group", y_format=form, x_title=gettext("Months")
    )
    return Chart("cohort-lines", word(found.name), said, drawn)


def _point(row: CohortRow, cell: CohortCell, unit: str) -> dict[str, Any]:
    return {"month": cell.age, "value": major(cell.value, unit), "group": _name(row)}


def _name(row: CohortRow) -> str:
    if row.cohort is not None:
        return f"{row.cohort:%Y-%m}"
    return row.label or row.value or gettext("unknown")
