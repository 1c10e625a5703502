"""``joren import`` and ``joren quarantine``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from joren.accounts.selectors import COMMAND_LINE
from joren.collect.connectors import mapping as mappings
from joren.collect.connectors import selectors, services
from joren.collect.connectors.contracts import ImportReport, Kind
from joren.core.errors import BadInput, JorenError

import_app = typer.Typer(help="Bring a shop's files in.", no_args_is_help=True)
quarantine_app = typer.Typer(help="Rows that wait to be repaired.", no_args_is_help=True)
imports_app = typer.Typer(help="What became of each file.", no_args_is_help=True)
mapping_app = typer.Typer(help="What is remembered of sources.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="CSV, TSV, Excel, Parquet or XML, also gzipped.")]
Store = Annotated[str | None, typer.Option(help="The store that the files are from.")]
Currency = Annotated[str | None, typer.Option(help="Of amounts that name none, such as JPY.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="TOML: which column is which.")]
FormatName = Annotated[
    str,
    typer.Option(
        "--format",
        help="auto, generic, shopify, rakuten, yahoo, amazon, ecforce, makeshop or eccube.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ImportId = Annotated[int | None, typer.Option("--import", help="Only rows of this import.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Numbers of rows in quarantine.")]

_KEYS = ("import_id", "read", "accepted", "unchanged", "updated", "quarantined", "seconds")


@import_app.command("orders")
def import_orders(
    files: Files,
    store: Store = None,
    format_name: FormatName = "auto",
    mapping: MappingFile = None,
    currency: Currency = None,
    as_json: AsJson = False,
) -> None:
    """Import orders, a row per line of an order or a plain log of purchases."""
    _import("orders", files, store, mapping, currency, as_json, format_name)


@import_app.command("products")
def import_products(
    files: Files, mapping: MappingFile = None, currency: Currency = None, as_json: AsJson = False
) -> None:
    """Import products with their prices and costs."""
    _import("products", files, None, mapping, currency, as_json)


@import_app.command("customers")
def import_customers(
    files: Files,
    store: Store = None,
    mapping: MappingFile = None,
    currency: Currency = None,
    as_json: AsJson = False,
) -> None:
    """Import who the customers are; --currency is of a store that is new."""
    _import("customers", files, store, mapping, currency, as_json)


@import_app.command("ad-spend")
def import_ad_spend(
    files: Files, mapping: MappingFile = None, currency: Currency = None, as_json: AsJson = False
) -> None:
    """Import what advertising cost by day and source."""
    _import("ad_spend", files, None, mapping, currency, as_json)


@import_app.command("refunds")
def import_refunds(
    files: Files,
    store: Store = None,
    mapping: MappingFile = None,
    currency: Currency = None,
    as_json: AsJson = False,
) -> None:
    """Import what was paid back."""
    _import("refunds", files, store, mapping, currency, as_json)


@import_app.command("rates")
def import_rates(
    files: Files,
    mapping: MappingFile = None,
    currency: Annotated[
        str | None, typer.Option(help="What the rates are in, such as JPY; else the business's.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import what other currencies are worth from a day on: date, currency, rate."""
    _import("rates", files, None, mapping, currency, as_json)


@quarantine_app.command("list")
def list_quarantine(import_id: ImportId = None, limit: int = 100, as_json: AsJson = False) -> None:
    """Show the rows that wait, with what was expected."""
    rows = selectors.quarantine(import_id=import_id, limit=limit).items
    if as_json:
        for row in rows:
            typer.echo(json.dumps(asdict(row), ensure_ascii=False))
        return
    table = Table(
        "id", "file", "line", "column", "value", "expected", box=None, header_style="bold"
    )
    for row in rows:
        place = str(row.line or row.row)
        # A good row waits for a bad one of its order: then that is all there is to say.
        expected = row.expected or row.reason
        words = (row.file_name, place, row.column, row.value[:40], expected)
        table.add_row(str(row.id), *map(escape, words))
    Console().print(table if rows else "nothing waits")


@quarantine_app.command("retry")
def retry(
    ids: Ids = None,
    import_id: ImportId = None,
    set_cells: Annotated[
        list[str] | None, typer.Option("--set", help="COLUMN=VALUE, for every row named.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import rows again, after a repair, with the rest of their orders."""
    chosen = _chosen(ids, import_id)
    cells = dict(_cell(text) for text in set_cells or [])
    repairs = dict.fromkeys(chosen, cells) if cells else None
    for report in services.retry_quarantine(chosen, repairs=repairs, actor=COMMAND_LINE.name):
        _say(report, as_json)


@quarantine_app.command("drop")
def drop(ids: Ids = None, import_id: ImportId = None, as_json: AsJson = False) -> None:
    """Give rows up."""
    dropped = services.drop_quarantine(_chosen(ids, import_id), actor=COMMAND_LINE.name)
    typer.echo(json.dumps({"dropped": dropped}) if as_json else f"{dropped} rows dropped")


@quarantine_app.command("restore")
def restore(
    ids: Annotated[list[int], typer.Argument(help="Rows that were dropped.")],
    as_json: AsJson = False,
) -> None:
    """Let rows that were dropped wait again."""
    restored = services.restore_quarantine(ids, actor=COMMAND_LINE.name)
    typer.echo(json.dumps({"restored": restored}) if as_json else f"{restored} rows wait again")


@quarantine_app.command("replace")
def replace(
    column: str, value: str, replacement: str, import_id: ImportId = None, as_json: AsJson = False
) -> None:
    """Put one value for another in every row that waits because of it, and import them."""
    for report in services.replace_value(
        column, value, replacement, import_id=import_id, actor=COMMAND_LINE.name
    ):
        _say(report, as_json)


@imports_app.command("list")
def list_imports(limit: int = 20, status: str = "", as_json: AsJson = False) -> None:
    """Show the newest imports; --status open shows those that are waited for."""
    found = selectors.imports(limit=limit, status=status).items
    if as_json:
        for one in found:
            typer.echo(json.dumps(asdict(one), ensure_ascii=False, default=str))
        return
    table = Table("id", "kind", "file", "status", "read", "bad", "", box=None, header_style="bold")
    for one in found:
        counts = (f"{one.read:,}", f"{one.quarantined:,}")
        table.add_row(str(one.id), one.kind, one.file_name, one.status, *counts, one.message[:80])
    Console().print(table if found else "nothing was imported yet")


@imports_app.command("cancel")
def cancel_import(import_id: int, as_json: AsJson = False) -> None:
    """Call an import off before anything of it is applied."""
    services.cancel(import_id, actor=COMMAND_LINE.name)
    _say_done(f"import {import_id} is called off", {"cancelled": import_id}, as_json)


@imports_app.command("undo")
def undo_import(import_id: int, as_json: AsJson = False) -> None:
    """Take the newest import back: its orders go, those that it replaced return."""
    services.undo_import(import_id, actor=COMMAND_LINE.name)
    said = f"import {import_id} is taken back; joren refresh builds the figures anew"
    _say_done(said, {"undone": import_id}, as_json)


@mapping_app.command("list")
def list_mappings(as_json: AsJson = False) -> None:
    """Show which mappings are used for which source."""
    found = selectors.mappings()
    if as_json:
        for one in found:
            typer.echo(json.dumps(asdict(one), ensure_ascii=False, default=str))
        return
    table = Table("id", "kind", "store", "columns", "used", box=None, header_style="bold")
    for one in found:
        columns = ", ".join(one.columns)[:80]
        table.add_row(str(one.id), one.kind, one.store, columns, str(one.used))
    Console().print(table if found else "nothing is remembered")


@mapping_app.command("show")
def show_mapping(mapping_id: int, as_json: AsJson = False) -> None:
    """Print a remembered mapping as the TOML that --mapping reads."""
    remembered = selectors.mapping_remembered(mapping_id)
    if as_json:
        typer.echo(json.dumps(asdict(remembered), ensure_ascii=False, default=str))
        return
    typer.echo(mappings.as_toml(mappings.mapping_of(remembered.mapping)), nl=False)


@mapping_app.command("forget")
def forget_mapping(mapping_id: int, as_json: AsJson = False) -> None:
    """Read the next file of that source by its header again."""
    services.forget_mapping(mapping_id, actor=COMMAND_LINE.name)
    _say_done(f"mapping {mapping_id} is forgotten", {"forgotten": mapping_id}, as_json)


def _chosen(ids: list[int] | None, import_id: int | None) -> list[int]:
    if ids:
        return ids
    if import_id is None:
        raise BadInput("no row is named", hint="give its number, or --import ID for all of a file")
    return list(selectors.quarantine_ids(import_id=import_id))


def _cell(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"{text!r} sets nothing", hint="--set COLUMN=VALUE")
    return column, value


def _import(
    kind: Kind,
    files: list[Path],
    store: str | None,
    mapping: Path | None,
    currency: str | None,
    as_json: bool,
    format_name: str = "auto",
) -> None:
    """Each file for itself; the first that is refused ends the command after all were tried."""
    chosen = mappings.read_mapping(mapping) if mapping else None
    refused: list[JorenError] = []
    for path in files:
        try:
            report = _shown(
                path,
                kind=kind,
                store=store,
                format=format_name,
                mapping=chosen,
                currency=currency,
                actor=COMMAND_LINE.name,
            )
        except JorenError as no:
            refused.append(no)
        else:
            _say(report, as_json)
    if refused:
        raise refused[0]


def _shown(path: Path, **options: Any) -> ImportReport:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(path.name, total=1.0)

        def say(phase: str, share: float) -> None:
            bar.update(task, description=f"{path.name}: {phase}", completed=share)

        return services.import_file(path, on_progress=say, **options)


def _say_done(said: str, told: dict[str, int], as_json: bool) -> None:
    typer.echo(json.dumps(told) if as_json else said)


def _say(report: ImportReport, as_json: bool) -> None:
    words = asdict(report)
    if as_json:
        typer.echo(json.dumps({key: words[key] for key in _KEYS}))
        return
    typer.echo(", ".join(f"{key} {words[key]}" for key in _KEYS))
    for notice in report.notices:
        typer.echo(f"  {notice}")
    if report.quarantined:
        typer.echo(f"  joren quarantine list --import {report.import_id}")
