"""``joren report quality``: how good the facts are, in the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from joren.accounts.selectors import business
from joren.collect.quality.contracts import FIELDS, Part, QualityReport
from joren.collect.quality.selectors import quality_report
from joren.core import clock
from joren.plumbing.warehouse import warehouse

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; money in minor units.")]
Day = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As of that day's end."),
]


def report_quality(as_of: Day = None, as_json: AsJson = False) -> None:
    """What is missing, odd or old among the facts, and what they are enough for."""
    report = quality_report(warehouse(), as_of=as_of.date() if as_of else _today())
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str, ensure_ascii=False))
    else:
        _print(report)


def _today() -> date:
    return clock.shop_day(clock.now(), business().time_zone)


def _print(report: QualityReport) -> None:
    console = Console()
    console.print(f"Facts up to {report.as_of}: {report.orders:,} orders\n")
    console.print(_verdicts(report))
    console.print(_stores(report))
    for one in report.differences:
        console.print(
            f"Order {one.order_number} of store {one.store_id}: "
            f"off by {one.by:,} {one.currency or ''}"
        )
    for store in report.stores:
        for gap in store.gaps:
            console.print(f"Store {store.store_id}: no orders between {gap.after} and {gap.before}")


def _verdicts(report: QualityReport) -> Table:
    shown = Table("Enough for", "", "why not", box=None, header_style="bold", padding=(0, 2))
    for verdict in report.verdicts:
        shown.add_row(verdict.use, "yes" if verdict.enough else "no", verdict.why)
    shown.add_row()
    return shown


def _stores(report: QualityReport) -> Table:
    names = [str(store.store_id) for store in report.stores]
    shown = Table("By store", *names, box=None, header_style="bold", padding=(0, 2))
    shown.add_row("orders", *(f"{store.orders:,}" for store in report.stores))
    for field in FIELDS:
        shown.add_row(f"{field} missing", *(_said(store.missing[field]) for store in report.stores))
    shown.add_row("unreconciled", *(_said(store.unreconciled) for store in report.stores))
    shown.add_row("duplicates", *(_said(store.duplicates) for store in report.stores))
    shown.add_row("stale", *(_said(store.stale) for store in report.stores))
    shown.add_row("outliers", *(_said(store.outliers) for store in report.stores))
    shown.add_row("newest order", *(f"{store.days_since} days ago" for store in report.stores))
    shown.add_row("currencies", *(", ".join(store.currencies) for store in report.stores))
    shown.add_row()
    return shown


def _said(part: Part) -> str:
    return "no lines" if part.share is None else f"{part.share:.1%}"
