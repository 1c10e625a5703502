"""Messages, hours and arms that were tried beside each other."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from joren.measure.experiments import selectors, services
from joren.measure.experiments.commands.saying import AsJson, shown
from joren.measure.experiments.contracts import SPLIT_DAYS


def variants(
    campaign: Annotated[int, typer.Argument(help="The campaign's number.")], as_json: AsJson = False
) -> None:
    """Show the messages of a campaign beside each other, by profit per customer."""
    one = selectors.variant_test(campaign)
    if as_json:
        typer.echo(json.dumps(asdict(one), ensure_ascii=False, default=str))
        return
    table = Table("message", "customers", "buyers", f"{one.metric} per customer", box=None)
    for arm in one.arms:
        table.add_row(str(arm.variant), f"{arm.customers:,}", f"{arm.buyers:,}", shown(arm.each))
    Console().print(table, soft_wrap=True)
    weeks = f", about {one.weeks} weeks to go" if one.weeks else ""
    typer.echo(f"{one.evidence}: read on {one.look_on}{weeks}")
    for variant, lead in one.against:
        typer.echo(f"{one.best} before {variant}: {shown(lead)}")


def hours(
    campaign: Annotated[int, typer.Argument(help="The campaign's number.")], as_json: AsJson = False
) -> None:
    """Show what it brought to send a campaign at the hour of each, against the usual hour."""
    one = selectors.hour_test(campaign)
    if as_json:
        typer.echo(json.dumps(asdict(one), ensure_ascii=False, default=str))
        return
    table = Table("hour", "customers", "buyers", f"{one.metric} per customer", box=None)
    for arm in (one.usual, one.own):
        table.add_row(arm.hour, f"{arm.customers:,}", f"{arm.buyers:,}", shown(arm.each))
    Console().print(table, soft_wrap=True)
    typer.echo(f"{one.evidence}: read on {one.look_on}; gain {shown(one.gain)}")


def splits(
    journey: Annotated[int, typer.Argument(help="The journey's number.")],
    days: Annotated[int, typer.Option("--days", help="Since the split.")] = SPLIT_DAYS[0],
    as_json: AsJson = False,
) -> None:
    """Show the arms of a journey's splits beside each other, by profit per customer."""
    found = selectors.split_tests(journey, days=days)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    for one in found:
        table = Table("arm", "share", "dealt", "customers", "buyers",
                      f"{one.metric} per customer", box=None)  # fmt: skip
        for arm in one.arms:
            table.add_row(
                arm.name, f"{arm.share}%", f"{arm.dealt:,}", f"{arm.customers:,}",
                f"{arm.buyers:,}", shown(arm.each),
            )  # fmt: skip
        typer.echo(f"{one.node}: {one.evidence}, the first {one.days} days of each customer")
        Console().print(table, soft_wrap=True)
        names = {arm.arm: arm.name for arm in one.arms}
        for place, lead in one.against:
            typer.echo(f"{names[one.best]} before {names[place]}: {shown(lead)}")


def rest(
    campaign: Annotated[int, typer.Argument(help="The campaign's number.")],
    every: Annotated[
        bool, typer.Option("--all", help="All messages in their shares, and no winner.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send the proven winner to those who wait for it."""
    if every:
        services.send_all(campaign, by="command-line")
    else:
        services.send_winner(campaign, by="command-line")
    one = selectors.variant_test(campaign)
    if as_json:
        typer.echo(json.dumps(asdict(one), ensure_ascii=False, default=str))
    else:
        typer.echo(f"{one.name}: {one.state}")
