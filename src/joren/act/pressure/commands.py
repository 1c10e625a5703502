"""``joren pressure``: how hard the shop presses, and what is beyond its limit."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.act.pressure import selectors, services
from joren.act.pressure.contracts import WINDOWS, BadLimits, Judged

pressure_app = typer.Typer(help="How hard the shop presses with messages, and its guard.",
                           no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Campaign = Annotated[int | None, typer.Option("--campaign", help="Of this campaign alone.")]
Journey = Annotated[int | None, typer.Option("--journey", help="Of this journey alone.")]


@pressure_app.command("show")
def show(
    customer: Annotated[int | None, typer.Option("--customer", help="Of one customer.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how pressure lies over all customers, or what one of them got."""
    if customer is not None:
        found = selectors.pressure_of(customer)
        if as_json:
            _print([{**asdict(one), "share": one.share} for one in found])
            return
        for one in found:
            typer.echo(f"{one.days} days: {one.messages} messages, {_share(one.share)} of allowed")
        return
    spreads = [selectors.spread(days) for days in WINDOWS]
    if as_json:
        _print([asdict(one) for one in spreads])
        return
    table = Table("days", "customers", "reached", "median", "beyond", box=None)
    for each in spreads:
        table.add_row(
            str(each.days), f"{each.everybody:,}", f"{each.reached:,}", _share(each.median),
            f"{each.over:,}",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@pressure_app.command("weights")
def weights(
    set_to: Annotated[
        list[str] | None, typer.Option("--set", help="Such as --set incentive=1.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a message counts by its content, or change it."""
    if set_to:
        services.set_weights(dict(_pair(one) for one in set_to), by=BY)
    found = dict(selectors.weights())
    if as_json:
        _print(found)
        return
    for kind, weight in found.items():
        typer.echo(f"{kind} {weight:g}")


@pressure_app.command("guard")
def guard(
    look: Annotated[bool, typer.Option("--look", help="Raise alarms now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show refusals and reports of 28 days against their limits, and the open alarms."""
    if look:
        services.look()
    found, opened = selectors.watched(), selectors.open_alarms()
    if as_json:
        _print({"watched": [asdict(one) for one in found],
                "alarms": [asdict(one) for one in opened]})  # fmt: skip
        return
    table = Table(
        "what", "delivered", "refusals", "reports", "more than left out", "held", box=None
    )
    for one in found:
        told = {judged.measure: _said(judged) for judged in one.judged}
        table.add_row(
            one.name or "the shop", f"{one.delivered:,}", told["unsubscribes"], told["complaints"],
            told.get("raise", "–"), "yes" if one.held_at else "",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)
    for alarm in opened:
        stopped = ", held back" if alarm.stopped else ""
        typer.echo(f"alarm {alarm.id}: {alarm.name or 'the shop'} {alarm.measure}{stopped}")


@pressure_app.command("limits")
def limits(
    unsubscribes: Annotated[float | None, typer.Option(help="Share of delivered.")] = None,
    complaints: Annotated[float | None, typer.Option(help="Share of delivered.")] = None,
    least: Annotated[int | None, typer.Option(help="Told of nothing below so many.")] = None,
    stops: Annotated[
        bool | None, typer.Option("--stops/--goes-on", help="Does it stop itself?")
    ] = None,
    campaign: Campaign = None,
    journey: Journey = None,
    forget: Annotated[bool, typer.Option("--forget", help="The shop's limits again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the limits of the shop, a campaign or a journey, or change what is given."""
    source, number = _source(campaign, journey)
    given: dict[str, Any] = {
        "unsubscribes": unsubscribes, "complaints": complaints, "least": least, "stops": stops,
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None}
    if forget:
        services.forget_limits(source=source, source_id=number, by=BY)
    elif changes:
        said = replace(selectors.limits_of(source, number), **changes)
        services.set_limits(said, source=source, source_id=number, by=BY)
    found = asdict(selectors.limits_of(source, number))
    if as_json:
        _print(found)
        return
    for name, value in found.items():
        typer.echo(f"{name} {value}")


@pressure_app.command("settle")
def settle(
    alarm: Annotated[int, typer.Argument(help="Its number, from joren pressure guard.")],
    why: Annotated[str, typer.Option("--why", help="What was looked at and put right.")],
    as_json: AsJson = False,
) -> None:
    """Let what was held back leave again, and count anew from now on."""
    services.settle(alarm, why=why, by=BY)
    opened = selectors.open_alarms()
    if as_json:
        _print([asdict(one) for one in opened])
    else:
        typer.echo(f"settled; {len(opened)} open")


def _source(campaign: int | None, journey: int | None) -> tuple[str, int]:
    if campaign is not None and journey is not None:
        raise BadLimits("a campaign and a journey", hint="one of them, or none: the shop")
    if campaign is not None:
        return "campaign", campaign
    return ("journey", journey) if journey is not None else ("", 0)


def _pair(text: str) -> tuple[str, float]:
    kind, _, weight = text.partition("=")
    try:
        return kind.strip(), float(weight)
    except ValueError:
        raise BadLimits(f"{text!r} is no weight", hint="such as incentive=1") from None


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _said(one: Judged) -> str:
    if one.share is None or one.low is None or one.high is None:
        return one.verdict
    return f"{one.share:.2%} ({one.low:.2%}–{one.high:.2%}) {one.verdict}"


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
