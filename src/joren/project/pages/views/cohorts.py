"""Groups of customers that began together, followed over time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages import codes
from joren.project.pages.charts import COMPACT, Chart, lines
from joren.project.pages.sections import Section, major, of_the_latest, show, tabs, word
from joren.project.pages.tables import Column, Heat, Linked, Row, Table, Value
from joren.project.selection import NOT_KNOWN
from joren.understand.cohorts import selectors
from joren.understand.cohorts.contracts import (
    DIMENSIONS,
    MEASURES,
    NAMES,
    TAIL,
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


@needs("view_figures")
@of_the_latest(gettext_noop("Cohorts"))
def cohorts(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    measure = selectors.measure_named(request.GET.get("measure", "retention"))
    dimension = selectors.dimension_named(request.GET.get("dimension", "all"))
    report = selectors.cohort_report(snapshot)
    of = request.GET.get("of", "") if dimension != "all" else ""
    if dimension == "all":
        found = selectors.matrix(snapshot, measure=measure)
    elif of:
        one = None if of == NOT_KNOWN else of
        found = selectors.matrix(snapshot, measure=measure, dimension=dimension, value=one)
    else:
        found = selectors.comparison(snapshot, dimension=dimension, measure=measure)
    choices = [
        tabs(request, "measure", {one: word(NAMES[one]) for one in MEASURES}, measure),
        tabs(
            request, "dimension", {one: gettext(_BY[one]) for one in DIMENSIONS}, dimension,
            without=("of",),
        ),
    ]  # fmt: skip
    headline = [one for one in report.figures.values() if one.value is not None]
    return show(
        request,
        "pages/cohorts.html",
        [_section(found), _intervals(found)],
        headline=headline,
        choices=choices,
        verdicts=report.verdicts,
        figures_as_of=report.as_of,
    )


def _section(found: CohortMatrix) -> Section:
    title, by = word(found.name), gettext(_BY[found.dimension])
    of_one = _whole_name(found)
    if of_one:
        by = f"{by}: {of_one}"
    ages = _ages(found)
    columns = [Column(_beginning(found)), Column(gettext("Customers"), "count", term="customers")]
    columns += [Column(str(age), found.unit) for age in range(ages + 1)]
    deepest = _deepest(found)
    rows = [_row(found, row, ages, deepest) for row in found.rows]
    note = gettext(
        "Columns are months since the first; only months that have fully passed are shown. "
        "Cells of fewer than %(n)s customers are grey."
    ) % {"n": THIN}
    table = Table("cohorts", title, columns, rows, note, term=found.name)
    why = next(
        (found.figure(cell).why for row in found.rows for cell in row.cells if cell.value is None),
        "",
    )
    cautions = [showing.reason(why)] if why else []
    return Section(f"{title} · {by}", "", cautions, charts=[_chart(found)], tables=[table])


def _intervals(found: CohortMatrix) -> Section:
    """How sure each cell is, in the places of the table above. Put together of several months,
    cells of one row rest on fewer the later they are: then each says of how many."""
    n_apart = not _by_month(found)
    title = gettext("%(measure)s: the %(level)s interval of every cell") % {
        "measure": word(found.name),
        "level": f"{found.level:.0%}",
    }
    columns = [Column(_beginning(found)), Column(gettext("Customers"), "count", term="customers")]
    ages = _ages(found)
    for age in range(ages + 1):
        columns += [
            Column(gettext("%(age)s from") % {"age": age}, found.unit),
            Column(gettext("%(age)s to") % {"age": age}, found.unit, below=True),
            *([Column(f"{age} n", "count")] if n_apart else []),
        ]
    rows = [
        Row(
            [
                _name(row), row.customers,
                *(one for cell in _passed(row, ages) for one in _bounds(cell, n_apart=n_apart)),
            ],
            thin=row.customers < THIN,
        )
        for row in found.rows
    ]  # fmt: skip
    note = gettext("The upper number is where the interval begins, the lower where it ends.")
    if not n_apart:
        note += " " + gettext("The n of every cell are all customers of its row.")
    table = Table("cohort-intervals", title, columns, rows, note, term="interval")
    return Section(title, tables=[table], name="intervals", folded=True)


def _bounds(cell: CohortCell | None, *, n_apart: bool) -> list[Value]:
    if cell is None or cell.low is None or cell.high is None:
        bounds: list[Value] = [None, ""]  # one dash in the cell, not two
    else:
        bounds = [cell.low, cell.high]
    return [*bounds, *([cell.n if cell else None] if n_apart else [])]


def _passed(row: CohortRow, ages: int) -> list[CohortCell | None]:
    """The row's cells by age; None where the month has not fully passed."""
    known = {cell.age: cell for cell in row.cells if cell.mature}
    return [known.get(age) for age in range(ages + 1)]


def _ages(found: CohortMatrix) -> int:
    return max((cell.age for row in found.rows for cell in row.cells if cell.mature), default=0)


def _by_month(found: CohortMatrix) -> bool:
    """Is a row a month of first purchase, and not all of one store, product or source?"""
    return found.dimension == "all" or bool(_whole_name(found))


def _beginning(found: CohortMatrix) -> str:
    """What the rows differ in."""
    return gettext(_BY["all" if _by_month(found) else found.dimension])


def _row(found: CohortMatrix, row: CohortRow, ages: int, deepest: float) -> Row:
    cells = [_heat(cell, deepest) for cell in _passed(row, ages)]
    return Row([_named(found, row), _people(found, row), *cells], thin=row.customers < THIN)


def _whole_name(found: CohortMatrix) -> str:
    """Of which store, product, category or source all rows are; "" where they differ in it."""
    if found.dimension == "all" or not found.rows or found.rows[0].cohort is None:
        return ""
    return codes.group(found.rows[0].label, found.value)


def _named(found: CohortMatrix, row: CohortRow) -> Value | Linked:
    """A store, product, category or source leads to its own cohorts by month."""
    if row.cohort is not None:
        return _name(row)
    asked = {
        "measure": found.measure,
        "dimension": found.dimension,
        "of": codes.known_or_not(row.value),
    }
    return Linked(_name(row), f"?{urlencode(asked)}")


def _people(found: CohortMatrix, row: CohortRow) -> Value | Linked:
    """The row's customers, where the list of customers can be asked for exactly them."""
    if row.cohort is not None:
        began = codes.began_in(row.cohort)
        if found.dimension == "all":
            return codes.whoever(row.customers, **began)
        if found.dimension not in ("store", "category") or found.value == TAIL:
            return row.customers
        of = {found.dimension: codes.known_or_not(found.value)}
        return codes.whoever(row.customers, **began, **of)
    if found.dimension in ("store", "category") and row.value != TAIL:
        return codes.whoever(row.customers, **{found.dimension: codes.known_or_not(row.value)})
    return row.customers


def _heat(cell: CohortCell | None, deepest: float) -> Heat | None:
    """Of a row that many began, few may have come so far."""
    if cell is None or cell.value is None:
        return None
    level = int(9 * cell.value / deepest) if deepest > 0 else 0
    return Heat(cell.value, max(0, min(9, level)), cell.thin)


def _deepest(found: CohortMatrix) -> float:
    # Everybody buys in the first month: beside that, all that follows would be pale.
    values = [cell.value for row in found.rows for cell in row.cells if cell.mature and cell.age]
    return max((value for value in values if value is not None), default=0.0)


def _chart(found: CohortMatrix) -> Chart:
    # Retention begins at one for everybody; the line begins with what differs.
    first = 1 if found.measure == "retention" else 0
    shown = found.rows[-_DRAWN:] if _by_month(found) else found.rows[:_DRAWN]
    cells = [
        (row, cell)
        for row in shown
        for cell in row.cells
        if cell.mature and cell.age >= first and cell.value is not None
    ]
    said = gettext("Each line is one row of the table; months since the first lie to the right.")
    form = ".0%" if found.unit == "share" else COMPACT
    drawn = lines(
        [_point(row, cell, found.unit) for row, cell in cells],
        x="month",
        y="value",
        color="group",
        y_format=form,
        x_title=gettext("Months"),
    )
    columns = [
        Column(_beginning(found)),
        Column(gettext("Months"), "count", term="age_months"),
        Column(word(found.name), found.unit, term=found.name),
        Column("n", "count", term="cases"),
        Column(gettext("from"), found.unit, term="interval"),
        Column(gettext("to"), found.unit, term="interval"),
    ]
    title = gettext("%(measure)s with its %(level)s interval") % {
        "measure": word(found.name),
        "level": f"{found.level:.0%}",
    }
    rows = [
        Row([_name(row), cell.age, cell.value, cell.n, cell.low, cell.high], thin=cell.thin)
        for row, cell in cells
    ]
    table = Table("cohort-lines", title, columns, rows)
    return Chart("cohort-lines", word(found.name), said, drawn, table, term=found.name)


def _point(row: CohortRow, cell: CohortCell, unit: str) -> dict[str, Any]:
    return {"month": cell.age, "value": major(cell.value, unit), "group": _name(row)}


def _name(row: CohortRow) -> str:
    if row.cohort is not None:
        return f"{row.cohort:%Y-%m}"
    return codes.group(row.label, row.value)
