"""``joren life-stages``: the stages of life that the shop tells apart, and who is in which."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.collect.life_stages import contracts, selectors, services
from joren.protect.consent.selectors import person_now

life_stages_app = typer.Typer(
    help="Stages of life: the shop's catalogue, and who is in which.", no_args_is_help=True
)
BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Customer = Annotated[int, typer.Argument(help="A customer's number.")]
Stage = Annotated[int, typer.Argument(help="A stage's number.")]


@life_stages_app.command("list")
def listed(as_json: AsJson = False) -> None:
    """Show the stages and how many customers are in each, and words that no stage has."""
    counts, words = selectors.stage_counts()
    if as_json:
        _print({"stages": [asdict(one) for one in counts], "words": [asdict(w) for w in words]})
        return
    table = Table("no.", "ja", "en", "words", "customers", "", box=None)
    for one in counts:
        stage = one.stage
        table.add_row(
            str(stage.number), stage.ja, stage.en, ", ".join(stage.words),
            f"{one.customers:,}", "retired" if stage.retired else "",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)
    for word in words:
        typer.echo(f"no stage has {word.word!r}: {word.customers:,} customers")


@life_stages_app.command("set")
def put(
    stage: Stage,
    ja: Annotated[str | None, typer.Option(help="Its Japanese name.")] = None,
    en: Annotated[str | None, typer.Option(help="Its English name.")] = None,
    words: Annotated[
        str | None, typer.Option(help="Further words of files for it, with commas between.")
    ] = None,
    retired: Annotated[
        bool | None, typer.Option("--retired/--in-use", help="Nobody is put there any more.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change a stage of the catalogue, or add one under a number that is free."""
    told = {"ja": ja, "en": en, "retired": retired}
    changes: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if words is not None:
        changes["words"] = tuple(words.split(","))
    known = {one.number: one for one in selectors.stages()}
    before = known.get(stage, contracts.LifeStage(stage, "", ""))
    known[stage] = replace(before, **changes)
    held = services.change_stages(list(known.values()), by=BY)
    if as_json:
        _print(asdict(held))
        return
    for one in held.stages:
        typer.echo(f"{one.number} {one.ja} / {one.en}{' (retired)' if one.retired else ''}")


@life_stages_app.command("say")
def say(
    customer: Customer,
    stage: Stage,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="When it began; else today."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write down that a customer is in a stage."""
    day: date | None = since.date() if since else None
    services.say_stage(person_now(customer), stage, since=day, by=BY)
    _of(customer, as_json)


@life_stages_app.command("of")
def of(customer: Customer, as_json: AsJson = False) -> None:
    """Show what was said of a customer's life, newest first."""
    _of(customer, as_json)


def _of(customer: int, as_json: bool) -> None:
    said = selectors.said_of(person_now(customer))
    if as_json:
        _print([asdict(one) for one in said])
        return
    for one in said:
        name = f"{one.stage.ja} / {one.stage.en}" if one.stage else f"{one.said} (no such stage)"
        typer.echo(f"{one.since} {name}, by {one.by}")


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))
