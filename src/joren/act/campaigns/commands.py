"""``joren campaigns``: plan what an audience is sent at one moment, see what became of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.accounts.selectors import business
from joren.act.campaigns import selectors, services
from joren.act.campaigns.contracts import (
    USUAL_LOOK,
    USUAL_PART,
    USUAL_SHARE,
    Campaign,
    Enough,
    Plan,
    Variant,
)
from joren.core import clock
from joren.core.money import Money

campaigns_app = typer.Typer(help="What is sent to an audience at one moment.",
                            no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The campaign's number, from joren campaigns list.")]


@campaigns_app.command("list")
def list_campaigns(as_json: AsJson = False) -> None:
    """Show the newest campaigns, drafts first."""
    found = selectors.campaigns()
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
        return
    table = Table("number", "campaign", "state", "at", "asked", box=None)
    for one in found:
        table.add_row(
            str(one.id), one.plan.name, one.state, _local(one.plan.send_at), f"{one.asked:,}"
        )
    Console().print(table, soft_wrap=True)


@campaigns_app.command("plan")
def plan(
    segment: Annotated[int, typer.Argument(help="The segment's number.")],
    template: Annotated[list[int], typer.Option("--template", help="Several are tried in turn.")],
    name: Annotated[str, typer.Option("--name", help="What it is.")],
    at: Annotated[str, typer.Option("--at", help="The shop's time: 2026-12-01T10:00.")] = "",
    share: Annotated[float, typer.Option("--share", help="Left out by lot.")] = USUAL_SHARE,
    reason: Annotated[str, typer.Option("--reason", help="Why nobody is left out.")] = "",
    test_share: Annotated[float, typer.Option("--test-share", help="The rest waits.")] = 1.0,
    look_days: Annotated[int, typer.Option("--look-days", help="Compared after.")] = USUAL_LOOK,
    sends_winner: Annotated[
        bool, typer.Option("--send-winner", help="To the rest, once it is proven.")
    ] = False,
    own_hour: Annotated[bool, typer.Option("--own-hour", help="At the hour of each.")] = False,
    their_clock: Annotated[
        bool, typer.Option("--their-clock", help="At that time on the clock of each.")
    ] = False,
    usual_part: Annotated[
        float, typer.Option("--usual-part", help="Gets it at the usual hour, to compare.")
    ] = USUAL_PART,
    most: Annotated[int | None, typer.Option("--most", help="Messages at most.")] = None,
    most_cost: Annotated[
        int | None, typer.Option("--most-cost", help="Minor units at most.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a campaign; it is a draft until it is scheduled."""
    variants = tuple(Variant(one) for one in template)
    moment = clock.moment_of(at, business().time_zone) if at else None
    wanted = Plan(
        name, segment, variants, moment, share=share, reason=reason, test_share=test_share,
        look_days=look_days, sends_winner=sends_winner, own_hour=own_hour, usual_part=usual_part,
        their_clock=their_clock, most=most, most_cost=most_cost,
    )  # fmt: skip
    _told(services.plan(wanted, by=BY), as_json)


@campaigns_app.command("schedule")
def schedule(number: Number, as_json: AsJson = False) -> None:
    """Let it go at its moment, or now where it has none."""
    _told(services.schedule(number, by=BY), as_json)


@campaigns_app.command("call-off")
def call_off(number: Number, as_json: AsJson = False) -> None:
    """End it: what has not left does not leave any more."""
    _told(services.call_off(number, by=BY), as_json)


@campaigns_app.command("rehearse")
def rehearse(number: Number, as_json: AsJson = False) -> None:
    """What the gate would say of the audience now. Nothing is sent."""
    found = services.rehearse(number)
    counts = [{"state": state, "reason": why, "customers": n}
              for (state, why), n in found.reasons.items()]  # fmt: skip
    if as_json:
        told = {"audience": found.audience, "tried": found.tried, "counts": counts,
                "cautions": [asdict(one) for one in found.cautions],
                "enough": asdict(found.enough) if found.enough else None}  # fmt: skip
        typer.echo(_json(told))
        return
    typer.echo(f"{found.tried:,} of {found.audience:,} customers were tried")
    for one in found.cautions:
        typer.echo(f"unreliable: {one.use}: {one.why}")
    if found.enough:
        _enough(found.enough)
    _counted(counts)


def _enough(one: Enough) -> None:
    unit = business().currency or "JPY"
    cost = "" if one.cost is None else f" for {Money(one.cost, unit)}"
    typer.echo(f"its own budget: about {one.leave:,} messages leave{cost}, {one.cut:,} are cut")
    if one.put_off:
        typer.echo(f"the month's budget: about {one.put_off:,} more are put off to the next month")
    if one.least_worth is not None:
        worth = Money(one.least_worth, unit)
        typer.echo(f"who is expected to bring most goes first: the last who gets it, {worth}")
    if one.beyond:
        typer.echo(f"{one.beyond:,} customers of the audience come after those tried")


@campaigns_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one, and what became of it."""
    one = selectors.campaign(number)
    counts = [{"variant": variant, "state": state, "reason": why, "customers": n}
              for (variant, state, why), n in selectors.counts(number).items()]  # fmt: skip
    if as_json:
        typer.echo(_json(asdict(one) | {"counts": counts}))
        return
    _told(one, as_json=False)
    _counted(counts)


def _counted(counts: list[dict[str, Any]]) -> None:
    if not counts:
        return
    table = Table(*counts[0], box=None)
    for one in counts:
        table.add_row(*(f"{value:,}" if name == "customers" else str(value)
                        for name, value in one.items()))  # fmt: skip
    Console().print(table, soft_wrap=True)


def _told(one: Campaign, as_json: bool) -> None:
    if as_json:
        typer.echo(_json(asdict(one)))
    else:
        told = f"{one.id} {one.plan.name}: {one.state}, {_local(one.plan.send_at)}"
        typer.echo(f"{told}, {one.asked:,} asked" + (f" ({one.trouble})" if one.trouble else ""))


def _local(moment: datetime | None) -> str:
    return clock.shop_minute(moment, business().time_zone) if moment else "–"


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, default=str)
