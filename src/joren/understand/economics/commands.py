"""``joren report economics`` and the rules that cost is weighed by."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.core.figures import Figure
from joren.core.money import Money
from joren.understand.economics import selectors, services
from joren.understand.economics.contracts import (
    AllowedCac,
    ChannelEconomics,
    EconomicsReport,
    EconomicsRules,
)
from joren.understand.ltv import selectors as values

_HEADS = (
    "new",
    "CAC",
    "revenue 1st year",
    "profit 1st year",
    "LTV:CAC",
    "payback",
    "allowed CAC",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int | None, typer.Option("--snapshot", help="Its number; else the newest.")]
Mediums = Annotated[
    str | None, typer.Option("--paid-mediums", help="Mediums that are paid for: cpc,display,…")
]
Months = Annotated[int | None, typer.Option("--payback-months", help="Target for payback.")]
Ratio = Annotated[float | None, typer.Option("--ltv-to-cac", help="Target for LTV:CAC.")]


def report_economics(as_json: AsJson = False, snapshot: Number = None) -> None:
    """Show what customers cost and bring, by source, and when that pays."""
    chosen = values.snapshot(snapshot)
    found = selectors.economics_report(chosen)
    if as_json:
        typer.echo(_json(EconomicsReport, found))
        return
    console = Console()
    profile = found.profile
    console.print(
        f"[bold]Economics[/] as of {found.as_of} · {profile.kind or 'kind not yet known'}"
        f" · ads bring {_shown(found.dependence.new_customers)} of new customers"
    )
    console.print(enough_for(found.verdicts))
    console.print(_channels((found.whole, *found.channels)), soft_wrap=True)
    console.print("– is not known; joren report economics --json says why", style="dim")


def report_allowed_cac(
    months: Annotated[
        int | None, typer.Option("--months", help="To be paid back within so many.")
    ] = None,
    ratio: Annotated[float | None, typer.Option("--ratio", help="For that LTV:CAC.")] = None,
    as_json: AsJson = False,
    snapshot: Number = None,
) -> None:
    """Say what a new customer may cost for one target, by source."""
    report = selectors.economics_report(values.snapshot(snapshot))
    found = selectors.allowed_cac(report, months=months, ratio=ratio)
    if as_json:
        told = TypeAdapter(tuple[AllowedCac, ...]).dump_python(found, mode="json")
        verdicts = [asdict(one) for one in report.verdicts]
        typer.echo(json.dumps({"items": told, "verdicts": verdicts}, ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold]Allowed CAC[/] as of {report.as_of}")
    console.print(enough_for(report.verdicts))
    table = Table("source", "a new customer may cost", "", box=None, header_style="bold")
    for one in found:
        name = "all" if one.touch is None else f"{one.source or 'not known'} ({one.touch})"
        table.add_row(escape(name), _shown(one.figure), escape(one.figure.why))
    console.print(table, soft_wrap=True)


def economics_rules(
    paid_mediums: Mediums = None,
    payback_months: Months = None,
    ltv_to_cac: Ratio = None,
    as_json: AsJson = False,
) -> None:
    """Show what counts as paid for and the targets, or set some of them."""
    changes: dict[str, Any] = {
        "paid_mediums": None if paid_mediums is None else paid_mediums.split(","),
        "payback_months": payback_months,
        "ltv_to_cac": ltv_to_cac,
    }
    given = {name: value for name, value in changes.items() if value is not None}
    held = services.change_rules(**given) if given else selectors.economics_rules()
    if as_json:
        typer.echo(_json(EconomicsRules, held))
        return
    table = Table("rule", "value", box=None, header_style="bold")
    table.add_row("paid_mediums", ", ".join(held.paid_mediums))
    table.add_row("payback_months", str(held.payback_months))
    table.add_row("ltv_to_cac", f"{held.ltv_to_cac:g}")
    Console().print(table, soft_wrap=True)


def _channels(channels: tuple[ChannelEconomics, ...]) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("source", no_wrap=True)
    for head in _HEADS:
        table.add_column(head, justify="right")
    for one in channels:
        table.add_row(
            _name(one),
            f"{one.new_customers:,}",
            *(
                _shown(figure)
                for figure in (
                    one.cac,
                    one.revenue_first_year,
                    one.profit_first_year,
                    one.ltv_cac,
                    one.payback_months,
                    one.allowed_cac_payback,
                )
            ),
        )
    return table


def _name(channel: ChannelEconomics) -> str:
    if channel.touch is None:
        return "all"
    return f"{channel.source or 'not known'} ({channel.touch})"


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        return f"{figure.value:.1%}"
    if figure.unit == "ratio":
        return f"{figure.value:.2f}"
    if figure.unit == "months":
        return f"{figure.value:.0f} months"
    return str(Money(round(figure.value), figure.unit))


def _json(kind: Any, value: Any) -> str:
    return json.dumps(TypeAdapter(kind).dump_python(value, mode="json"), ensure_ascii=False)
