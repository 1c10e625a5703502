"""``joren source``: who may send events."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from joren.collect.inbox import contracts, selectors, services
from joren.core.errors import BadInput

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_MOST = 500
_ERR = Console(stderr=True)
_LISTED = ("id", "name", "kind", "received", "kept", "repeated", "unreadable", "refused")
"""What a terminal has room for; --json says all."""

source_app = typer.Typer(help="Who may send events: SDKs, pages, programs.", no_args_is_help=True)


@source_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What sends: shop server, web pages …")],
    store: Annotated[str, typer.Option(help="The store that its people are customers of.")],
    kind: Annotated[str, typer.Option(help="server or browser.")] = "server",
    user_ids: Annotated[
        str, typer.Option(help="own, or customer_number: a userId is the store's customer number.")
    ] = "own",
    limit: Annotated[
        int, typer.Option(help="Events a second that it may send.")
    ] = contracts.USUAL_LIMIT,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read the key that the SDK has from standard input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a write key, or take the one that an SDK has; a server's is printed this once."""
    given = sys.stdin.readline().strip() if key_stdin else ""
    made, key = services.add_source(
        name, kind=kind, store=store, user_ids=user_ids, limit=limit, key=given
    )
    _say([{**_plain(made), "key": key}], as_json)
    if not as_json:
        typer.echo(f"key: {key}")  # a narrow terminal cuts the table's


@source_app.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """Show all sources, what came from each, and why requests were refused."""
    known = selectors.traffic()
    rows = [
        {**_plain(one), **asdict(known.get(one.id, contracts.Traffic()))}
        for one in selectors.sources()
    ]
    _say(rows if as_json else [{name: row[name] for name in _LISTED} for row in rows], as_json)


@source_app.command("revoke")
def revoke(source_id: int, as_json: AsJson = False) -> None:
    """Take nothing more from the source of that number."""
    _say([_plain(services.revoke_source(source_id))], as_json)


@source_app.command("script")
def script(
    source_id: int,
    host: Annotated[str, typer.Option(help="Where the shop's pages find joren: https://…")],
    as_json: AsJson = False,
) -> None:
    """Print what a shop's pages carry in their head so that joren.js sends what happens there."""
    found = selectors.script_for(source_id, host=host)
    if as_json:
        _say([asdict(found)], as_json)
    else:
        typer.echo(found.snippet)


@source_app.command("allow")
def allow(
    name: str,
    remove: Annotated[bool, typer.Option("--remove", help="Let it in no more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a property of events into the warehouse, which holds nothing personal."""
    (services.forbid_property if remove else services.allow_property)(name)
    _say([{"allowed": one} for one in selectors.own_properties()], as_json)


@source_app.command("load")
def load(
    source_id: int,
    file: Annotated[Path, typer.Argument(help="One message a line, as JSON; gzip is known.")],
    as_json: AsJson = False,
) -> None:
    """Take in the events of a file, as of the moments that they name."""
    with Progress(TextColumn("events"), BarColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("load", total=None)
        count = services.load_events(
            file,
            source_id=source_id,
            on_progress=lambda read, whole: bar.update(task, completed=read, total=whole),
        )
    _say([{"loaded": count}], as_json)


@source_app.command("unread")
def unread(
    retry: Annotated[bool, typer.Option("--retry", help="Try all of them again.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Give all of them up.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show messages that nobody could read, and why."""
    if retry and drop:
        raise BadInput("--retry and --drop are two ways", hint="choose one")
    if retry or drop:
        deed = services.retry_unread if retry else services.drop_unread
        _say([{"retried" if retry else "dropped": deed(actor="command-line")}], as_json)
    else:
        _say([asdict(one) for one in selectors.unread(limit=_MOST)], as_json)


def import_events(
    files: Annotated[list[Path], typer.Argument(help="JSON lines, CSV or Parquet, also gzipped.")],
    store: Annotated[str, typer.Option(help="The store whose people did it.")] = "",
    source_id: Annotated[
        int | None, typer.Option("--source", help="A source, in place of the store.")
    ] = None,
    format_name: Annotated[
        str, typer.Option("--format", help=", ".join(contracts.EVENT_FORMATS))
    ] = "auto",
    column: Annotated[
        list[str] | None, typer.Option("--column", help="Of a table: timestamp=Column name.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import events: Segment's, GA4's export, Matomo's visits log, or any table."""
    wanted = next((one for one in contracts.EVENT_FORMATS if one == format_name), None)
    if wanted is None:
        known = ", ".join(contracts.EVENT_FORMATS)
        raise BadInput(f"no format {format_name!r}", hint=f"known: {known}")
    source = source_id if source_id is not None else services.source_of_files(store).id
    chosen = dict(one.split("=", 1) for one in column or () if "=" in one)
    with Progress(TextColumn("{task.description} {task.completed:,}"), console=_ERR) as bar:
        taken = [
            services.import_events(
                file,
                source_id=source,
                format=wanted,
                columns=chosen,
                on_progress=partial(_moved, bar, bar.add_task(file.name, total=None)),
            )
            for file in files
        ]
    _say(
        [{"file": file.name, **asdict(one)} for file, one in zip(files, taken, strict=True)],
        as_json,
    )


def _moved(bar: Progress, task: TaskID, read: int) -> None:
    bar.update(task, completed=read)


def _plain(row: contracts.Source) -> dict[str, Any]:
    return asdict(row)


def _say(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["nobody yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console().print(table, soft_wrap=True)
