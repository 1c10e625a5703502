"""What one order is like in both arms."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import in_a_line
from joren.measure.experiments import selectors
from joren.measure.experiments.commands.saying import AsJson, Number, shown


def ratios(number: Number, as_json: AsJson = False) -> None:
    """Show average order value, margin rate, coupon share and orders per buyer of both arms."""
    found = selectors.ratios(number)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table("ratio", "treated", "left out", "difference", "lift", "evidence", box=None)
    for one in found:
        table.add_row(
            one.metric, in_a_line(one.treated), in_a_line(one.held_out), shown(one.difference),
            shown(one.lift), one.evidence,
        )  # fmt: skip
    Console().print(table, soft_wrap=True)
