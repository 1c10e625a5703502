"""``joren messages ledger`` and ``shares``: what became of messages, and of which content."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.act.messages import selectors
from joren.act.messages.contracts import KINDS, LedgerAsked, MessageShares, Sent

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day of the shop.")]
_SHOWN = 50


def ledger(
    since: Day = None,
    until: Day = None,
    state: Annotated[str, typer.Option("--state", help="sent, deferred, suppressed, …")] = "",
    reason: Annotated[str | None, typer.Option("--reason", help="cap, budget, …")] = None,
    campaign: Annotated[int, typer.Option("--campaign", help="Its number.")] = 0,
    journey: Annotated[int, typer.Option("--journey", help="Its number.")] = 0,
    channel: Annotated[str, typer.Option("--channel", help="email, line, …")] = "",
    kind: Annotated[str, typer.Option("--kind", help="incentive, brand, …")] = "",
    counts: Annotated[bool, typer.Option("--counts", help="How many, by reason.")] = False,
    after: Annotated[str, typer.Option("--after", help="The cursor of the slice before.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = _SHOWN,
    out: Annotated[Path | None, typer.Option("--out", help="All of it, as CSV.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show messages of all kinds, also those that were not sent, and why; newest first."""
    source = "campaign" if campaign else "journey" if journey else ""
    asked = LedgerAsked(
        _day(since), _day(until), state, reason, source, campaign or journey, channel, kind
    )
    if out is not None:
        typer.echo(f"{_write(asked, out)} messages in {out}")
        return
    if counts:
        found = selectors.ledger_counts(asked)
        if as_json:
            typer.echo(_json([asdict(one) for one in found]))
            return
        for one in found:
            typer.echo(f"{one.n} {one.state} {one.reason}".rstrip())
        return
    part = selectors.ledger_rows(asked, after=after, limit=limit)
    if as_json:
        typer.echo(_json({"items": [asdict(one) for one in part.items], "next": part.next}))
        return
    table = Table("number", "asked", "customer", "template", "state", "why", "sent", box=None)
    for row in part.items:
        table.add_row(*map(str, _cells(row)))
    Console().print(table, soft_wrap=True)
    if part.next:
        typer.echo(f"more: --after {part.next}")


def shares(
    days: Annotated[int, typer.Option("--days", min=1, max=366)] = 90, as_json: AsJson = False
) -> None:
    """Show of which content the messages were that left, by month, decile and segment."""
    found = {
        "months": selectors.shares_by_month(),
        "deciles": selectors.shares_by_decile(days),
        "segments": selectors.shares_by_segment(days),
    }
    if as_json:
        typer.echo(_json({name: [asdict(one) for one in some] for name, some in found.items()}))
        return
    for name, some in found.items():
        typer.echo(f"{name}:")
        for one in some:
            typer.echo(f"  {one.group or 'not ranked'}: {_told(one)}")


def _told(one: MessageShares) -> str:
    parts = [f"{name} {one.by_kind[name] / one.n:.0%}" for name in KINDS if one.by_kind.get(name)]
    return f"n = {one.n} · {', '.join(parts)}"


def _write(asked: LedgerAsked, out: Path) -> int:
    n = 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(Sent.__dataclass_fields__)
        for n, row in enumerate(selectors.whole_ledger(asked), start=1):  # noqa: B007 (it is how many there were that is wanted)
            table.writerow(asdict(row).values())
    return n


def _cells(row: Sent) -> tuple[Any, ...]:
    sent = f"{row.sent_at:%Y-%m-%d %H:%M}" if row.sent_at else ""
    return (
        row.id, f"{row.asked_at:%Y-%m-%d %H:%M}", row.customer, row.template_name, row.state,
        row.reason, sent,
    )  # fmt: skip


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
