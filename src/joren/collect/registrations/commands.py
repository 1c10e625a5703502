"""``joren registrations``: who owns what they bought elsewhere."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.collect.registrations import selectors, services
from joren.core.errors import BadInput

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

registrations_app = typer.Typer(
    help="Owners of products that were bought elsewhere register them.", no_args_is_help=True
)


@registrations_app.command("open")
def open_programme(
    slug: Annotated[str, typer.Argument(help="The address: /register/SLUG/")],
    name: Annotated[str, typer.Option(help="What it is called here.")],
    store: Annotated[str, typer.Option(help="The store that owners become customers of.")],
    sku: Annotated[str, typer.Option(help="Of the product, where all have one.")] = "",
    product: Annotated[str, typer.Option(help="What its owners call it.")] = "",
    takes: Annotated[str, typer.Option(help="serials or receipts.")] = "serials",
    as_json: AsJson = False,
) -> None:
    """Open a page on which owners register."""
    made = services.open_programme(
        name, slug=slug, store=store, sku=sku, product_name=product, takes=takes
    )
    _say([{**asdict(made), "address": selectors.address_of(slug)}], as_json)


@registrations_app.command("list")
def list_programmes(as_json: AsJson = False) -> None:
    """Show all programmes, with how many registered and agreed."""
    _say([asdict(one) for one in selectors.programmes()], as_json)


@registrations_app.command("close")
def close_programme(slug: str, as_json: AsJson = False) -> None:
    """Take no more registrations there."""
    _say([asdict(services.close_programme(slug))], as_json)


@registrations_app.command("serials")
def add_serials(
    slug: str,
    file: Annotated[Path, typer.Argument(help="CSV: serial, and its SKU where they differ.")],
    as_json: AsJson = False,
) -> None:
    """Say which serial numbers there are; said again, nothing counts twice."""
    try:
        with file.open("rb") as lines:
            added = services.add_serials(slug, lines)
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}", hint="a CSV file") from None
    _say([asdict(added)], as_json)


@registrations_app.command("links")
def links(slug: str, as_json: AsJson = False) -> None:
    """Print serial, SKU and signed link of each, as CSV, for whoever prints the QR codes."""
    columns = ("serial", "sku", "link")
    found = selectors.links(selectors.programme(slug).slug)
    if as_json:
        for one in found:
            typer.echo(json.dumps(dict(zip(columns, one, strict=True))))
        return
    out = csv.writer(sys.stdout)
    out.writerow(columns)
    out.writerows(found)


def _say(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["none yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console().print(table, soft_wrap=True)
