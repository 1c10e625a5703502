"""``joren report shifts``."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.understand.ltv import selectors as values
from joren.understand.shifts import selectors
from joren.understand.shifts.contracts import ShiftReport

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int | None, typer.Option("--snapshot", help="Its number; else the newest.")]


def report_shifts(as_json: AsJson = False, snapshot: Number = None) -> None:
    """Show how many customers shifted from which category towards which."""
    found = selectors.shift_report(values.snapshot(snapshot))
    if as_json:
        told = TypeAdapter(ShiftReport).dump_python(found, mode="json")
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table("from", "towards", "customers", "new", "distance", box=None)
    for one in found.flows:
        table.add_row(
            one.shift_from, one.shift_to, f"{one.customers:,}", f"{one.new:,}",
            f"{one.distance:.2f} bits",
        )  # fmt: skip
    console = Console()
    console.print(f"[bold]Shifts of the category mix[/] as of {found.as_of}")
    console.print(enough_for(found.verdicts))
    console.print(table, soft_wrap=True)
    typer.echo(
        f"{found.shifted:,} of {found.judged:,} customers who bought on {found.fewest_recent} days "
        f"of the last {found.recent_days} and on {found.fewest_earlier} before; "
        f"of {found.buyers - found.judged:,} it is not yet known. At most {found.level:.0%} of "
        "those found are so by chance."
    )
