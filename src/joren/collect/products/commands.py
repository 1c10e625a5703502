"""``joren products``: what products are to each other."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.collect.products import selectors, services
from joren.collect.products.contracts import KINDS, BadRelation, Pair, Relation

products_app = typer.Typer(help="What products are to each other.", no_args_is_help=True)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@products_app.command("relations")
def relations(
    search: Annotated[str, typer.Option("--search", help="Part of a product code.")] = "",
    after: Annotated[int, typer.Option("--after", help="The last one of the page before.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Show what products are to each other."""
    _say(selectors.relations(search=search, after=after, limit=limit), as_json)


@products_app.command("relate")
def relate(
    sku: Annotated[str, typer.Argument(help="The product.")],
    kind: Annotated[str, typer.Argument(help=", ".join(KINDS))],
    other: Annotated[str, typer.Argument(help="What is so to it.")],
    place: Annotated[int, typer.Option("--place", help="1 is offered first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Keep one; what was said of the two before is replaced."""
    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise BadRelation(f"{kind!r} is no relation", hint=", ".join(KINDS))
    _say([services.relate(Pair(sku, known, other, place), by=BY)], as_json)


@products_app.command("import")
def take_file(
    file: Annotated[Path, typer.Argument(help="CSV: sku, relation, other, place.", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Keep what a file says: all of it, or nothing."""
    taken = services.take_file(file.read_bytes(), by=BY)
    if as_json:
        typer.echo(json.dumps(asdict(taken)))
    else:
        typer.echo(f"{taken.new:,} new, {taken.changed:,} changed, {taken.unchanged:,} as before")


@products_app.command("unrelate")
def unrelate(
    number: Annotated[int, typer.Argument(help="From joren products relations.")],
    as_json: AsJson = False,
) -> None:
    """Take one away."""
    services.unrelate(number, by=BY)
    told = json.dumps({"removed": number})
    typer.echo(told if as_json else f"relation {number} is gone")


def _say(found: list[Relation], as_json: bool) -> None:
    if as_json:
        told = [asdict(one) for one in found]
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    table = Table("number", "product", "relation", "other", "place", "source", box=None)
    for one in found:
        table.add_row(
            str(one.id), f"{one.pair.sku} {one.name}".strip(), one.pair.kind,
            f"{one.pair.other} {one.other_name}".strip(), str(one.pair.place), one.source,
        )  # fmt: skip
    Console().print(table, soft_wrap=True)
