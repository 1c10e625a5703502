"""``joren home``: what Home says, in the terminal."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer
from django.utils import translation
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.plumbing.glossary import term
from joren.project import showing
from joren.project.cli.printing import AsJson, print_json
from joren.project.home import Home, home_of
from joren.project.next_steps import FIRST
from joren.project.pages.steps import to_do
from joren.understand.ltv import selectors as values

_SHOWN: Final = ("revenue_365d", "profit_365d", "revenue_past", "profit_past", "customers")
All = Annotated[bool, typer.Option("--all", help="All there is to do, not only what presses.")]
Number = Annotated[int | None, typer.Option("--snapshot", help="Its number; else the newest.")]


def home(every: All = False, as_json: AsJson = False, snapshot: Number = None) -> None:
    """What the customer base is worth, how it moved, what to do next, how fresh the data is."""
    found = home_of(values.snapshot(snapshot))
    if as_json:
        print_json(TypeAdapter(Home).dump_python(found, mode="json"))
        return
    console = Console()
    kind = found.profile or "kind not yet known"
    with translation.override("en"):
        console.print(f"[bold]Home[/] as of {found.as_of} · {kind}")
        console.print(enough_for(found.verdicts))
        console.print(_worth(found), soft_wrap=True)
        console.print("Next to do")
        for place, step in enumerate(found.next_steps[: None if every else FIRST], 1):
            told = to_do(step)
            console.print(f"  {place}. {escape(told.text)}", soft_wrap=True)
            if told.money:
                console.print(f"     {escape(told.money)}", style="dim", soft_wrap=True)
        if not every and len(found.next_steps) > FIRST:
            console.print(f"  {len(found.next_steps) - FIRST} more: joren home --all")
        console.print(_fresh(found), soft_wrap=True)


def _worth(found: Home) -> Table:
    changes = {one.name: one.change for one in found.movement.changes}
    table = Table("", "", f"since {found.movement.previous_as_of or '–'}", box=None)
    totals = {one.name: one for one in found.totals}
    for name in _SHOWN:
        known, change = term(name), changes.get(name)
        table.add_row(
            known.word("en") if known else name,
            showing.text(totals[name]),
            _signed(change.value, change.unit) if change else "",
        )
    return table


def _signed(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{'+' if value > 0 else ''}{showing.amount(value, unit)}"


def _fresh(found: Home) -> str:
    fresh: Any = found.freshness
    if fresh is None:
        return "no orders yet"
    return (
        f"newest order {fresh.last_order or '–'}, figures of {fresh.as_of or '–'}, "
        f"rebuilt {showing.moment(fresh.refreshed_at)}"
    )
