"""``joren campaigns calendar``: it joins campaigns and journeys, which do not know each other."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from joren.act.campaigns.commands import campaigns_app
from joren.project.mail_calendar import DAYS, LONGEST, mail_calendar

__all__ = ["campaigns_app"]


@campaigns_app.command("calendar")
def calendar(
    first: Annotated[
        datetime | None, typer.Option("--first", formats=["%Y-%m-%d"], help="From that day on.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=LONGEST, help="So many.")] = DAYS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what campaigns and journeys would send, drafts too, and where they meet."""
    found = mail_calendar(first.date() if first else None, days)
    if as_json:
        typer.echo(json.dumps(asdict(found), default=str, ensure_ascii=False))
        return
    table = Table("day", "what", "name", "state", "customers", "beyond a cap", box=None)
    for one in found.planned:
        customers = "not known" if one.trouble else str(one.customers or "")
        table.add_row(str(one.day), one.kind, one.name, one.state, customers, str(one.over or ""))
    Console().print(table, soft_wrap=True)
    for clash in found.clashes:
        names = [found.planned[place].name for place in (clash.one, clash.other)]
        typer.echo(f"{found.planned[clash.one].day}: {' and '.join(names)} share "
                   f"{clash.customers:,} customers")  # fmt: skip
