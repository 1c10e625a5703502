"""``joren effects``: what was done, and what it brought."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.errors import BadInput
from joren.core.money import Money
from joren.measure.experiments import selectors, services
from joren.measure.experiments.commands.beside import hours, rest, splits, variants
from joren.measure.experiments.commands.exposing import exposure
from joren.measure.experiments.commands.ratios import ratios
from joren.measure.experiments.commands.saying import AsJson, Number, money, shown
from joren.measure.experiments.contracts import (
    COST_KINDS,
    USUAL_HORIZON,
    USUAL_LIFT,
    EffectDesign,
    Evidence,
    Result,
)

effects_app = typer.Typer(help="What was done, and what it brought.", no_args_is_help=True)

effects_app.command("exposure")(exposure)
effects_app.command("ratios")(ratios)
effects_app.command("variants")(variants)
effects_app.command("hours")(hours)
effects_app.command("splits")(splits)
effects_app.command("rest")(rest)

_WORDS: Final[dict[Evidence, str]] = {
    "proven_more": "proven: more",
    "proven_less": "proven: less",
    "not_proven": "not proven",
    "too_small": "too few buyers to read",
    "not_yet": "not yet known",
    "broken": "the arms are broken: no conclusion",
}


@effects_app.command("list")
def list_effects(as_json: AsJson = False) -> None:
    """Show what every holdout says, that with most money at stake first."""
    found = selectors.results()
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    table = Table("holdout", "action", "days", "brought", "of it", "cost", "ROI", "evidence",
                  box=None)  # fmt: skip
    for one in found:
        table.add_row(
            f"{one.holdout_id} {one.name}", one.action.kind, str(one.days), shown(one.realised),
            one.metric, money(one.cost.total, one.realised.unit), shown(one.roi), _evidence(one),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@effects_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show both arms of one holdout, and what the treated did more."""
    one = selectors.result(number)
    if as_json:
        typer.echo(json.dumps(_plain(one), ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold]{one.name}[/] · {_evidence(one)}")
    if one.first is None or not one.days:
        console.print("joren holdouts reached says when they were reached; then joren refresh")
        return
    console.print(f"{one.first} to {one.last}, {one.days} days")
    table = Table("arm", "customers", "buyers", "orders", box=None)
    for arm in one.arms:
        table.add_row(arm.arm, f"{arm.customers:,}", f"{arm.buyers:,}", f"{arm.orders:,}")
    console.print(table)
    for figure in (
        one.realised, one.realised_per_customer, one.roi, one.held_back, one.per_customer,
        one.together, one.lift, one.conversion, one.profit_per_customer,
    ):  # fmt: skip
        if figure is None:
            continue
        console.print(f"{figure.name}: {shown(figure)}")
    if one.projection:
        console.print(f"expected over a year: {shown(one.projection.together)} "
                      f"({one.projection.label}, {one.projection.actions} actions, "
                      f"{one.projection.basis})")  # fmt: skip
    console.print(f"cost: {money(one.cost.total, one.realised.unit)} {one.cost.why}".rstrip())


@effects_app.command("curve")
def curve(number: Number, as_json: AsJson = False) -> None:
    """Show the difference per customer over their first 7, 14 … 365 days."""
    found = selectors.curve(number)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table("days", "customers", "revenue", "profit", box=None)
    for one in found:
        table.add_row(str(one.days), f"{one.customers:,}", shown(one.revenue), shown(one.profit))
    Console().print(table, soft_wrap=True)


@effects_app.command("adjusted")
def adjusted(number: Number, as_json: AsJson = False) -> None:
    """Show the difference per customer as it is, and adjusted by what was known before."""
    found = selectors.adjusted(number)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table("metric", "unadjusted", "adjusted", "variance saved", "by decile", box=None)
    for one in found:
        by_decile = shown(one.stratified) if one.stratified else "–"
        saved = f"{one.saved:.1%}"
        table.add_row(one.metric, shown(one.plain), shown(one.adjusted), saved, by_decile)
    Console().print(table, soft_wrap=True)


@effects_app.command("board")
def board(as_json: AsJson = False) -> None:
    """Show every early projection beside what came in the year, per customer."""
    found = selectors.board()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=str))
        return
    table = Table("holdout", "told", "after days", "projected", "came", "held", box=None)
    for one in found:
        table.add_row(
            str(one.holdout_id), str(one.told_on), str(one.age),
            f"{one.projected:,.0f} ({one.low:,.0f} to {one.high:,.0f})", f"{one.came:,.0f}",
            "yes" if one.held else "no",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@effects_app.command("pools")
def pools(as_json: AsJson = False) -> None:
    """Show actions of one kind read together, and each of them beside its kind."""
    found = selectors.results_and_pools()[1]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table("kind", "which", "action", "customers", "per customer", "drawn", "evidence",
                  box=None)  # fmt: skip
    for one in found:
        kind, which = one.likeness.kind, one.likeness.name
        said = f"{_WORDS[one.evidence]}, {one.metric}"
        table.add_row(kind, which, f"all {len(one.actions)}", f"{one.customers:,}",
                      shown(one.per_customer), "", said)  # fmt: skip
        for each in one.actions:
            table.add_row(kind, which, f"{each.holdout_id} {each.name}", f"{each.customers:,}",
                          shown(each.alone), shown(each.drawn), "")  # fmt: skip
    Console().print(table, soft_wrap=True)


@effects_app.command("who")
def who(
    number: Number,
    cost: Annotated[
        float | None, typer.Option("--cost", help="Of treating a customer, in minor units.")
    ] = None,
    segment: Annotated[
        str, typer.Option("--segment", help="Keep the policy to use as a segment of this name.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show who should get it: policies raced by profit on those whom the lot divided."""
    one = selectors.who(number, cost=cost)
    if as_json:
        typer.echo(json.dumps(asdict(one), ensure_ascii=False))
    else:
        table = Table("policy", "sent to", "over nobody, per 1,000", "over the plain choice",
                      "expected", box=None)  # fmt: skip
        for each in one.policies:
            table.add_row(each.policy, f"{each.share:.0%}", shown(each.over_nobody),
                          shown(each.over_plain), shown(each.expected))  # fmt: skip
        Console().print(table, soft_wrap=True)
        typer.echo(f"use: {one.use} ({one.evidence}), {shown(one.gain)} per 1,000 customers more "
                   f"than {one.plain}, at {one.cost:,.0f} per customer")  # fmt: skip
    if segment:
        kept = services.target(number, name=segment, cost=cost, by="command-line")
        typer.echo(f"segment {kept}", err=True)


@effects_app.command("lifts")
def lifts(
    out: Annotated[Path | None, typer.Option("--out", help="A .csv or .parquet file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start, end, effect, interval and spend of all that was tried, for a media-mix model."""
    if out is not None:
        form = out.suffix.lower().removeprefix(".")
        if form not in ("csv", "parquet"):
            raise BadInput(
                f"{out.name} is neither CSV nor Parquet", hint="lifts.csv, lifts.parquet"
            )
        out.write_bytes(selectors.lift_file("csv" if form == "csv" else "parquet"))
        typer.echo(str(out))
        return
    for one in selectors.lifts():
        if as_json:
            typer.echo(json.dumps(asdict(one), default=str, ensure_ascii=False))
            continue
        typer.echo(f"{one.kind} {one.number} {one.name}: {one.start} to {one.end}, {one.effect} "
                   f"({one.low} to {one.high}) {one.currency}, spent {one.spend}")  # fmt: skip


@effects_app.command("cost")
def cost(
    number: Number,
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(COST_KINDS)}.")],
    amount: Annotated[str, typer.Argument(help="In all, such as 12000 or 19.80; - takes it back.")],
    as_json: AsJson = False,
) -> None:
    """Say what an action cost."""
    one = selectors.result(number)
    minor = None if amount == "-" else Money.parse(amount, one.realised.unit).minor
    services.say_cost(number, kind=kind, amount=minor, by="command-line")
    told = selectors.result(number).cost
    said = f"{one.name}: {money(told.total, one.realised.unit)} {told.why}".rstrip()
    typer.echo(json.dumps(asdict(told), default=str) if as_json else said)


@effects_app.command("plan")
def plan(
    number: Number,
    days: Annotated[int, typer.Option(help="First days of each customer.")] = USUAL_HORIZON,
    looks: Annotated[int, typer.Option(help="Of those who come one after the other.")] = 1,
    customers: Annotated[int | None, typer.Option(help="How many of those to wait for.")] = None,
    lift: Annotated[float, typer.Option(help="The lift of revenue looked for.")] = USUAL_LIFT,
    as_json: AsJson = False,
) -> None:
    """Say when an effect is to be read, before anything of it can be seen."""
    made = services.plan(
        number, by="command-line", horizon_days=days, looks=looks, customers=customers, lift=lift
    )
    said = f"{made.horizon_days} days, {made.customers:,} customers, {len(made.looks)} looks"
    typer.echo(json.dumps(asdict(made), default=str) if as_json else said)


@effects_app.command("design")
def design(
    segment: Annotated[int, typer.Argument(help="The segment's number.")],
    share: Annotated[float, typer.Option(help="To be left out.")] = 0.1,
    days: Annotated[int, typer.Option(help="Over so many days.")] = USUAL_HORIZON,
    lift: Annotated[float, typer.Option(help="The lift of revenue looked for.")] = USUAL_LIFT,
    as_json: AsJson = False,
) -> None:
    """Show what leaving a share of a segment out would tell."""
    found = selectors.design(segment, share=share, days=days, lift=lift)
    typer.echo(json.dumps(asdict(found), ensure_ascii=False)) if as_json else _show_design(found)


@effects_app.command("coming")
def coming(
    number: Annotated[int, typer.Argument(help="A holdout that draws whoever comes.")],
    days: Annotated[int, typer.Option(help="Over so many days.")] = USUAL_HORIZON,
    lift: Annotated[float, typer.Option(help="The lift of revenue looked for.")] = USUAL_LIFT,
    as_json: AsJson = False,
) -> None:
    """Show what those who come to a journey would tell, and in how many weeks."""
    found = selectors.standing_design(number, days=days, lift=lift)
    if as_json:
        typer.echo(json.dumps(asdict(found) if found else None, ensure_ascii=False))
    elif found is None:
        typer.echo("nobody has come yet")
    else:
        _show_design(found)


def _show_design(found: EffectDesign) -> None:
    lift, days = found.lift, found.days
    typer.echo(f"{found.customers:,} customers, {found.buyers:,} bought in the last {days} days")
    for figure in (
        found.spend, found.smallest, found.smallest_together, found.smallest_lift, found.held_back
    ):  # fmt: skip
        typer.echo(f"{figure.name}: {shown(figure)}")
    needed = f"{found.needed:,}" if found.needed else "–"
    weeks = f", about {found.weeks} weeks as they come now" if found.weeks else ""
    typer.echo(f"customers needed to see {lift:.0%} more: {needed}{weeks}")


def _evidence(one: Result) -> str:
    if one.weeks:
        return f"not yet known: about {one.weeks} weeks more"
    said = _WORDS[one.evidence]
    if one.over_days is None or one.evidence in ("not_yet", "broken"):
        return said
    said = f"{said} (first {one.over_days} days)"
    if one.faded and one.afterwards:
        said += f", {_WORDS[one.afterwards.evidence]} (first {one.afterwards.days} days)"
    return said


def _plain(one: Result) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(one).items()
    }
