"""``joren confirmations``: mails by which people confirm that it was them who asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.act.confirmations import selectors, services

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

confirmations_app = typer.Typer(
    help="Mails by which people confirm that it was them who asked.", no_args_is_help=True
)


@confirmations_app.command("list")
def list_mailings(
    limit: Annotated[int, typer.Option(help="So many of the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the newest mails, and whether they were confirmed."""
    _say([asdict(one) for one in selectors.mailings(limit=max(1, limit))], as_json)


@confirmations_app.command("send")
def send(
    customer: Annotated[int, typer.Argument(help="The customer's number.")],
    as_json: AsJson = False,
) -> None:
    """Write to a customer about what they asked for and have not confirmed."""
    _say([asdict(services.send_to(customer, by="command-line"))], as_json)


def _say(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["none yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console().print(table, soft_wrap=True)
