"""``joren referrals``: who was brought by whom, and what they are worth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import in_a_line
from joren.measure.referrals import selectors, services
from joren.understand.ltv import selectors as values

referrals_app = typer.Typer(
    help="Who was brought by whom, and what they are worth.", no_args_is_help=True
)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@referrals_app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show word of mouth by the newest snapshot."""
    said = selectors.report(values.snapshot())
    if as_json:
        _print(asdict(said))
        return
    typer.echo(f"{said.referred:,} referred, {said.codes:,} codes")
    for figure in (said.share, said.referrers, said.with_brought, said.difference):
        typer.echo(f"{figure.name}: {in_a_line(figure)}")
    table = Table("decile", "customers", "referrers", "brought", "per 100", box=None)
    for one in said.deciles:
        table.add_row(str(one.decile), f"{one.customers:,}", f"{one.referrers:,}",
                      f"{one.referred:,}", f"{one.per_hundred:.1f}")  # fmt: skip
    Console().print(table, soft_wrap=True)


@referrals_app.command("referrers")
def list_referrers(
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20, as_json: AsJson = False
) -> None:
    """Show who brought most."""
    found = selectors.referrers(values.snapshot(), limit=limit)
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.customer} {' '.join(one.codes)}: {one.referred:,}, {one.brought:,}")


@referrals_app.command("import")
def take_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    store: Annotated[str, typer.Option("--store", help="Of rows that name none.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take a CSV in: code and referrer, or who was referred by whom."""
    done = services.take_file(file, by=BY, store=store)
    if as_json:
        _print(asdict(done))
        return
    typer.echo(f"{done.rows:,} rows: {done.recorded:,} recorded, {done.repeated:,} known, "
               f"{done.refused:,} stayed out")  # fmt: skip
    for one in done.faults:
        typer.echo(f"row {one.row}, {one.column} {one.value}: {one.reason}")


@referrals_app.command("forget")
def forget(code: Annotated[str, typer.Argument()], as_json: AsJson = False) -> None:
    """Take a code from whoever has it."""
    services.forget_code(code, by=BY)
    told = json.dumps({"forgotten": code}, ensure_ascii=False)
    typer.echo(told if as_json else f"nobody has {code} any more")


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
