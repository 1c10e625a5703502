"""``joren effects``: what was done, and what it brought."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import Figure
from joren.core.money import decimals
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import Evidence, Result

effects_app = typer.Typer(help="What was done, and what it brought.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_WORDS: Final[dict[Evidence, str]] = {
    "proven_more": "proven: more",
    "proven_less": "proven: less",
    "not_proven": "not proven",
    "too_small": "too few buyers to read",
    "not_yet": "not yet known",
    "broken": "the arms are broken: no conclusion",
}


@effects_app.command("list")
def list_effects(as_json: AsJson = False) -> None:
    """Show what every holdout says, newest first."""
    found = selectors.results()
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    table = Table("holdout", "days", "per customer", "together", "evidence", box=None)
    for one in found:
        table.add_row(
            f"{one.holdout_id} {one.name}", str(one.days), _said(one.per_customer),
            _said(one.together), _WORDS[one.evidence],
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@effects_app.command("show")
def show(
    number: Annotated[int, typer.Argument(help="The holdout's number.")], as_json: AsJson = False
) -> None:
    """Show both arms of one holdout, and what the treated did more."""
    one = selectors.result(number)
    if as_json:
        typer.echo(json.dumps(_plain(one), ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold]{one.name}[/] · {_WORDS[one.evidence]}")
    if one.first is None or not one.days:
        console.print("joren holdouts reached says when they were reached; then joren refresh")
        return
    console.print(f"{one.first} to {one.last}, {one.days} days")
    table = Table("arm", "customers", "buyers", "orders", box=None)
    for arm in one.arms:
        table.add_row(arm.arm, f"{arm.customers:,}", f"{arm.buyers:,}", f"{arm.orders:,}")
    console.print(table)
    for figure in (one.per_customer, one.together, one.conversion, one.profit_per_customer):
        console.print(f"{figure.name}: {_said(figure)}")


def _said(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        shown, scale, unit = ".2%", 1.0, ""
    else:
        places = decimals(figure.unit)
        shown, scale, unit = f",.{places}f", 10.0**places, f" {figure.unit}"
    value = f"{figure.value / scale:+{shown}}{unit}"
    if figure.low is None or figure.high is None:
        return value
    return f"{value} ({figure.low / scale:+{shown}} to {figure.high / scale:+{shown}})"


def _plain(one: Result) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(one).items()
    }
