"""``joren channels``: what a yen brought by each channel, and tests by area."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import in_a_line
from joren.measure.channels import selectors, services
from joren.measure.channels.contracts import (
    AREA_EVIDENCE_NAMES,
    AREA_UNITS,
    CHANNEL_EVIDENCE_NAMES,
    AreaTestText,
)
from joren.understand.ltv import selectors as values

channels_app = typer.Typer(
    help="What a yen brought by each channel, and tests by area.", no_args_is_help=True
)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="As joren channels tests shows.")]
Unit = Annotated[str, typer.Option("--unit", help=" or ".join(AREA_UNITS))]
Since = Annotated[datetime, typer.Option("--since", formats=["%Y-%m-%d"], help="First day.")]
Until = Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")]


@channels_app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show every channel, best per yen first."""
    found = selectors.compared(values.snapshot())
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("channel", "spend", "measured", "brought", "per yen", "", box=None)
    for one in found:
        table.add_row(
            one.channel, "–" if one.spend is None else f"{one.spend:,}", str(one.measured),
            in_a_line(one.gain), in_a_line(one.per_yen), CHANNEL_EVIDENCE_NAMES[one.evidence],
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@channels_app.command("spend")
def spend(
    amount: Annotated[int, typer.Argument(help="In minor units.")],
    since: Since,
    until: Until,
    channel: Annotated[str, typer.Option("--channel", help="Such as tv, flyer, google.")] = "",
    test: Annotated[int | None, typer.Option("--test", help="The area test that it paid.")] = None,
    note: Annotated[str, typer.Option("--note")] = "",
    as_json: AsJson = False,
) -> None:
    """Write down what a channel cost over some days."""
    made = services.say_spend(
        channel, first=since.date(), last=until.date(), amount=amount, note=note, test=test, by=BY
    )
    _print(asdict(made)) if as_json else typer.echo(f"spend {made.id} is kept: {made.channel}")


@channels_app.command("spends")
def list_spends(as_json: AsJson = False) -> None:
    """Show what was said."""
    found = selectors.spends()
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.id} {one.channel} {one.first} – {one.last} {one.amount:,} {one.note}")


@channels_app.command("unspend")
def unspend(
    number: Annotated[int, typer.Argument(help="As joren channels spends shows.")],
    as_json: AsJson = False,
) -> None:
    """Take back a spend that was written down by mistake."""
    services.take_spend_back(number, by=BY)
    told = json.dumps({"taken_back": number})
    typer.echo(told if as_json else f"spend {number} is taken back")


@channels_app.command("tests")
def list_tests(as_json: AsJson = False) -> None:
    """Show the tests by area."""
    found = selectors.area_tests()
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        how = "by lot" if one.by_lot else "by hand"
        typer.echo(f"{one.id} {one.text.name}: {one.text.channel}, {one.text.started_on} – "
                   f"{one.text.stopped_on}, {len(one.areas)} areas {how}")  # fmt: skip


@channels_app.command("design")
def design(
    unit: Unit = "prefecture",
    days: Annotated[int, typer.Option("--days", help="With the days afterwards.")] = 56,
    as_json: AsJson = False,
) -> None:
    """Show what a test of so many days could see."""
    said = selectors.design(values.snapshot(), unit, days)  # type: ignore[arg-type]  # the verb refuses others
    if as_json:
        _print(asdict(said))
        return
    typer.echo(f"{said.areas} areas: {in_a_line(said.lift)}, {in_a_line(said.gain)}")


@channels_app.command("test")
def draw(
    name: Annotated[str, typer.Argument(help="What the shop calls it.")],
    channel: Annotated[str, typer.Option("--channel", help="Such as tv, flyer, google.")],
    since: Since,
    until: Until,
    unit: Unit = "prefecture",
    lag: Annotated[int, typer.Option("--lag", help="Days afterwards that still count.")] = 28,
    treated: Annotated[
        list[str] | None,
        typer.Option("--treated", help="Where it was done already: then it is no experiment."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Deal the areas by lot, or keep those where it was done."""
    text = AreaTestText(
        name, channel, unit, since.date(), until.date(), lag,  # type: ignore[arg-type]  # the verb refuses others
        tuple(treated or ()),
    )  # fmt: skip
    made = services.draw_test(text, by=BY)
    if as_json:
        _print(asdict(made))
        return
    arms = [" ".join(one.name for one in made.areas if one.treated is arm) for arm in (True, False)]
    typer.echo(f"test {made.id} is kept\ndo it in: {arms[0]}\nnot in: {arms[1]}")


@channels_app.command("result")
def result(number: Number, as_json: AsJson = False) -> None:
    """Show what a test by area says."""
    said = selectors.read(selectors.area_test(number), values.snapshot())
    if as_json:
        _print(asdict(said))
        return
    typer.echo(AREA_EVIDENCE_NAMES[said.evidence])
    for figure in (said.lift, said.gain, said.per_yen):
        typer.echo(f"{figure.name}: {in_a_line(figure)}")


@channels_app.command("call-off")
def call_off(number: Number, as_json: AsJson = False) -> None:
    """Drop a test that has not begun."""
    services.call_off(number, by=BY)
    told = json.dumps({"called_off": number})
    typer.echo(told if as_json else f"test {number} is called off")


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
