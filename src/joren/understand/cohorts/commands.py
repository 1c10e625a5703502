"""``joren report cohorts``."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.core.money import Money
from joren.understand.cohorts import selectors
from joren.understand.cohorts.contracts import (
    DIMENSIONS,
    MEASURES,
    CohortCell,
    CohortMatrix,
    CohortReport,
    CohortRow,
)
from joren.understand.ltv import selectors as values

_AGES = (0, 1, 2, 3, 6, 9, 12, 18, 24)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int | None, typer.Option("--snapshot", help="Its number; else the newest.")]
By = Annotated[str, typer.Option(help=f"One of {', '.join(DIMENSIONS)}.")]
Value = Annotated[
    str | None,
    typer.Option("--of", help="Only those of that value of --by, by month; - is not known."),
]
_NOT_KNOWN = "-"
Of = Annotated[str, typer.Option("--measure", help=f"One of {', '.join(MEASURES)}.")]


def report_cohorts(
    by: By = "all",
    measure: Of = "retention",
    value: Value = None,
    as_json: AsJson = False,
    snapshot: Number = None,
) -> None:
    """Follow customers from their first purchase: by its month, or by how they began."""
    chosen = values.snapshot(snapshot)
    found = selectors.cohort_report(chosen)
    if by == "all" or value is not None:
        one = None if value == _NOT_KNOWN else value
        matrix = selectors.matrix(chosen, dimension=by, value=one, measure=measure)
    else:
        matrix = selectors.comparison(chosen, dimension=by, measure=measure)
    if as_json:
        both = {"report": _plain(CohortReport, found), "matrix": _plain(CohortMatrix, matrix)}
        typer.echo(json.dumps(both, ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold]Cohorts[/] as of {found.as_of} · {matrix.name} by month after the first")
    console.print(enough_for(found.verdicts))
    console.print(_table(matrix), soft_wrap=True)


def _table(matrix: CohortMatrix) -> Table:
    oldest = max((len(row.cells) for row in matrix.rows), default=0)
    ages = [age for age in _AGES if age < oldest]
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("began", no_wrap=True, min_width=7)  # of a month cut short nothing is left
    table.add_column("n", justify="right")
    for age in ages:
        table.add_column(str(age), justify="right")
    for row in matrix.rows:
        cells = {cell.age: cell for cell in row.cells}
        shown = [_shown(cells.get(age), matrix.unit) for age in ages]
        table.add_row(_name(row), f"{row.customers:,}", *shown)
    return table


def _name(row: CohortRow) -> str:
    if row.cohort is not None:
        return f"{row.cohort:%Y-%m}"
    return row.label or "not known"


def _shown(cell: CohortCell | None, unit: str) -> str:
    if cell is None or not cell.mature:
        return ""
    if cell.value is None:
        return "–"
    if unit == "share":
        text = f"{cell.value:.1%}"
    elif unit == "orders":
        text = f"{cell.value:.2f}"
    else:
        text = str(Money(round(cell.value), unit))
    return f"[dim]{text}[/]" if cell.thin else text


def _plain(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).dump_python(value, mode="json")
