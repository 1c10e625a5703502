"""``joren holdouts``: divide a segment by lot, and take the arms."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.errors import BadInput
from joren.decide.holdouts import selectors, services
from joren.decide.holdouts.contracts import ARMS, Arm, Assigned, Holdout

holdouts_app = typer.Typer(help="Whom to leave out, so that an effect can be seen.",
                           no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
_AT_ONCE: Final = 100_000
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The holdout's number, from joren holdouts list.")]


@holdouts_app.command("list")
def list_holdouts(as_json: AsJson = False) -> None:
    """Show every holdout and the size of its arms."""
    found = selectors.holdouts()
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    table = Table("number", "holdout", "treated", "left out", "drawn", "reached", box=None)
    for one in found:
        table.add_row(
            str(one.id), one.name, f"{one.treated:,}", f"{one.held_out:,}",
            f"{one.drawn_at:%Y-%m-%d}", str(one.treated_on or "–"),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@holdouts_app.command("draw")
def draw(
    segment: Annotated[int, typer.Argument(help="The segment's number.")],
    name: Annotated[str, typer.Option("--name", help="What is done to the others.")],
    share: Annotated[float, typer.Option("--share", help="To leave out, such as 0.1.")] = 0.1,
    note: Annotated[str, typer.Option("--note", help="What is asked.")] = "",
    as_json: AsJson = False,
) -> None:
    """Leave a share of a segment's members out, by lot within deciles of value."""
    _told(services.divide(segment, name=name, share=share, by=BY, note=note), as_json)


@holdouts_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one holdout by stratum, and whether its log is as it was drawn."""
    one, wrong = selectors.holdout(number), selectors.drawn_again(number)
    if as_json:
        told = _plain(one) | {"strata": [asdict(row) for row in selectors.strata(number)]}
        typer.echo(json.dumps(told | {"unlike_the_lot": wrong}, ensure_ascii=False))
        return
    table = Table("decile", "treated", "left out", box=None)
    for row in selectors.strata(number):
        table.add_row(str(row.stratum or "new"), f"{row.treated:,}", f"{row.held_out:,}")
    console = Console()
    console.print(f"[bold]{one.name}[/] · {one.design.held} of {one.design.block} left out")
    console.print(table)
    console.print("the log is as it was drawn" if not wrong else f"{wrong:,} rows are not as drawn")


@holdouts_app.command("customers")
def customers(
    number: Number,
    arm: Annotated[str, typer.Option("--arm", help="treated or held_out.")] = "treated",
    out: Annotated[Path | None, typer.Option("--out", help="A CSV file; else printed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the numbers of the customers of one arm."""
    chosen = _arm(arm)
    selectors.holdout(number)
    found = _numbers(number, chosen)
    if as_json and out is None:
        typer.echo(json.dumps({"customers": list(found)}))
        return
    file = sys.stdout if out is None else out.open("w", encoding="utf-8", newline="")
    written = 0
    try:
        rows = csv.writer(file)
        rows.writerow(["customer_id"])
        for one in found:
            rows.writerow([one])
            written += 1
    finally:
        if out is not None:
            file.close()
    if as_json:
        typer.echo(json.dumps({"file": str(out), "customers": written}))


@holdouts_app.command("log")
def log(
    number: Number,
    out: Annotated[Path | None, typer.Option("--out", help="A .csv or .parquet file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the log: unit, arm and propensity of each customer, when they were drawn, and when
    first reached."""
    if out is not None:
        form = out.suffix.lower().removeprefix(".")
        if form not in ("csv", "parquet"):
            raise BadInput(f"{out.name} is neither CSV nor Parquet", hint="log.csv, log.parquet")
        out.write_bytes(selectors.log_file(number, "csv" if form == "csv" else "parquet"))
        typer.echo(json.dumps({"file": str(out)}) if as_json else str(out))
    elif as_json:
        typer.echo(json.dumps([asdict(row) for row in _log(number)], default=_iso))
    else:
        sys.stdout.write(selectors.log_file(number, "csv").decode().lstrip("\ufeff"))


@holdouts_app.command("reached")
def reached(
    number: Number,
    on: Annotated[str, typer.Option("--on", help="The day, such as 2026-11-28.")],
    as_json: AsJson = False,
) -> None:
    """Say on which day the treated were reached."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise BadInput(f"{on!r} is no day", hint="--on 2026-11-28") from None
    _told(services.reached(number, on=day, by=BY), as_json)


@holdouts_app.command("close")
def close(number: Number, as_json: AsJson = False) -> None:
    """End a holdout; who was in which arm stays known."""
    _told(services.close(number, by=BY), as_json)


@holdouts_app.command("global")
def global_rule(
    share: Annotated[
        float | None, typer.Option("--share", help="Of all, such as 0.05; 0 for none.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why nobody is left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show, or choose, the share of all customers that is left out of everything."""
    if share is not None:
        services.set_global(share, by=BY, reason=reason)
    rule = selectors.global_rule()
    if as_json:
        told = asdict(rule) | {"changed_at": rule.changed_at and rule.changed_at.isoformat()}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{rule.share:.0%} of all customers are left out of everything {rule.reason}")


def _arm(text: str) -> Arm:
    for one in ARMS:
        if one == text:
            return one
    raise BadInput(f"no arm {text!r}", hint=" or ".join(ARMS))


def _told(one: Holdout, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_plain(one), ensure_ascii=False))
    else:
        typer.echo(f"{one.id} {one.name}: {one.treated:,} treated, {one.held_out:,} left out")


def _plain(one: Holdout) -> dict[str, Any]:
    told = asdict(one) | {"share": one.design.share}
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in told.items()
    }


def _iso(value: datetime) -> str:
    return value.isoformat()


def _log(number: int) -> Iterator[Assigned]:
    last = 0
    while found := selectors.log_rows(number, after=last, limit=_AT_ONCE):
        yield from found
        last = found[-1].customer_id


def _numbers(number: int, arm: Arm) -> Iterator[int]:
    last = 0
    while found := selectors.customers_of(number, arm, after=last, limit=_AT_ONCE):
        yield from found
        last = found[-1]
