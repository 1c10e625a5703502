"""``joren report first-party``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from joren.plumbing.warehouse import warehouse
from joren.project.first_party import OfSource, OfStore, first_party

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def report_first_party(as_json: AsJson = False) -> None:
    """Say what is linked to known customers without third-party cookies, by source."""
    found = first_party(warehouse())
    if as_json:
        typer.echo(json.dumps(asdict(found), default=str, ensure_ascii=False))
        return
    table = Table("from", "n", "linked", "share", "newest", box=None, header_style="bold")
    rows: list[OfSource | OfStore] = [*found.events, *found.orders]
    for one in rows:
        table.add_row(one.name, f"{one.n:,}", f"{one.linked:,}", f"{one.share:.0%}", str(one.last))
    Console().print(table, soft_wrap=True)
