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
from joren.collect.quality.contracts import (
    Alarm,
    Coverage,
    FieldQuality,
    Part,
    QualityReport,
)
from joren.collect.quality.selectors import alarms, quality_report
from joren.core import clock
from joren.core.money import Money
from joren.plumbing.warehouse import warehouse

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; money in minor units.")]
Day = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As of that day's end."),
]


def report_quality(as_of: Day = None, as_json: AsJson = False) -> None:
    """What is missing, odd or old among the facts, and what they are enough for."""
    report = quality_report(warehouse(), as_of=as_of.date() if as_of else _today())
    today = report.as_of if as_of or business().simulated else _today()
    found = alarms(warehouse(), report, today=today)
    if as_json:
        told = asdict(report) | {"alarms": [asdict(one) for one in found]}
        typer.echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    _print(report)
    for one in found:
        typer.echo(f"ALARM store {one.store_id}: {_told(one)}")


def _told(one: Alarm) -> str:
    if one.fault == "stopped":
        return f"no orders for {one.days} days"
    if one.fault == "silent":
        return f"nothing from the live source {one.of} for {one.days} days"
    if one.fault == "missing":
        return f"{one.of} is missing in {one.now:.0%} since {one.since}, {one.before:.0%} before"
    if one.fault == "amount":
        before, now = (Money(round(each or 0), one.of or "XXX") for each in (one.before, one.now))
        return f"orders of about {now} since {one.since}, {before} before (PSI {one.psi:.2f})"
    return f"another mix by {one.of} since {one.since} (PSI {one.psi:.2f})"


def _today() -> date:
    return clock.shop_day(clock.now(), business().time_zone)


def _print(report: QualityReport) -> None:
    console = Console()
    console.print(f"Facts up to {report.as_of}: {report.orders:,} orders\n")
    console.print(_verdicts(report))
    console.print(_stores(report))
    console.print(_fields(report))
    console.print(_coverage(report))
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
    shown.add_row("unreconciled", *(_said(store.unreconciled) for store in report.stores))
    shown.add_row("newest order", *(f"{store.days_since} days ago" for store in report.stores))
    shown.add_row("currencies", *(", ".join(store.currencies) for store in report.stores))
    shown.add_row()
    return shown


def _fields(report: QualityReport) -> Table:
    heads = ("Field", "from", "missing", "duplicate", "stale", "odd", "last filled")
    shown = Table(*heads, box=None, header_style="bold", padding=(0, 2))
    for one in report.fields:
        parts = (one.missing, one.duplicate, one.stale, one.outlier)
        shown.add_row(
            f"{one.feed} {one.field}", _origin(one), *map(_said, parts), str(one.filled_on or "–")
        )
    shown.add_row()
    return shown


def _coverage(report: QualityReport) -> Table:
    heads = ("What came", "from", "rows", "first", "last", "days", "gaps")
    shown = Table(*heads, box=None, header_style="bold", padding=(0, 2))
    for one in report.coverage:
        days = (one.first_on or "–", one.last_on or "–", one.days or "–", len(one.gaps))
        shown.add_row(one.feed, _origin(one), f"{one.rows:,}", *map(str, days))
    shown.add_row()
    return shown


def _origin(one: FieldQuality | Coverage) -> str:
    if one.source_id is not None:
        return f"source {one.source_id}"
    return "all" if one.store_id is None else f"store {one.store_id}"


def _said(part: Part | None) -> str:
    return "–" if part is None or part.share is None else f"{part.share:.1%}"
