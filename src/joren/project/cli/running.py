"""The installation itself: served, looked at, kept, brought back, tried with a demo shop."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from joren.accounts.services import change_business
from joren.core.clock import zone
from joren.core.errors import Refused
from joren.project import check as checking
from joren.project import demo as demonstration
from joren.project import keeping, serving
from joren.project.chores import selectors as chores
from joren.project.chores.rules import OFF
from joren.project.cli.printing import AsJson, print_json, progress
from joren.understand.ltv.commands import report_value

File = Annotated[Path, typer.Argument(metavar="FILE", help="The tar file.")]


def up(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer pages.")] = 1,
) -> None:
    """Serve the pages and the API, and work on what they start."""
    raise typer.Exit(serving.serve(host=host, port=port, workers=workers))


def schedule(
    nightly: Annotated[
        str | None, typer.Option(metavar="TIME", help="Do it every night at 03:30, or off.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what is done by itself, and how it went; --nightly sets when."""
    if nightly is not None:
        change_business(nightly_at=OFF if nightly == "off" else nightly)
    found = chores.schedule()
    if as_json:
        print_json(asdict(found))
        return
    here = zone(found.time_zone)
    when = found.next_run.astimezone(here).strftime("%Y-%m-%d %H:%M") if found.next_run else "never"
    typer.echo(f"next run {when} ({found.time_zone}), {found.workers} workers alive")
    for one in found.chores:
        last = one.last_run.astimezone(here).strftime("%Y-%m-%d %H:%M") if one.last_run else "never"
        typer.echo(f"  {one.name}: {last} {'' if one.well else 'FAILED '}{one.said} {one.hint}")


def check(as_json: AsJson = False) -> None:
    """Look at configuration, versions, disk, database and warehouse."""
    findings = checking.look()
    healthy = all(one.ok for one in findings)
    if as_json:
        print_json({"healthy": healthy, "findings": [asdict(one) for one in findings]})
    else:
        table = Table("", "what", "is", "do", box=None, header_style="bold")
        for one in findings:
            table.add_row("ok" if one.ok else "FAULT", one.name, one.said, one.hint)
        Console().print(table, soft_wrap=True)
    raise typer.Exit(0 if healthy else 1)


def backup(
    file: File,
    database: Annotated[
        bool,
        typer.Option("--database/--no-database", help="PostgreSQL, too, by pg_dump."),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Write everything under the home, and the database, into one tar file, while joren runs."""
    _say_kept(keeping.backup(file, database=database), as_json)


def restore(
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what is there now aside, under the home.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back what a backup holds; stop joren first."""
    _say_kept(keeping.restore(file, replace=replace), as_json)


def demo(
    customers: Annotated[int, typer.Option(help="How many the shop has.")] = 3_000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Leave it running.")] = True,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    as_json: AsJson = False,
) -> None:
    """Build the demo shop, import it, refresh, show its value, and serve it."""
    with progress() as bar:
        task = bar.add_task("demo", total=1.0)
        made = demonstration.build(
            customers=customers,
            on_progress=lambda said, share: bar.update(task, description=said, completed=share),
        )
    if as_json:
        print_json({**asdict(made), "url": f"http://127.0.0.1:{port}/" if serve else None})
    else:
        report_value()
        typer.echo(f"\nSign in as {made.email} with the password {made.password}")
    if not serve:
        return
    if not as_json:
        typer.echo(f"http://127.0.0.1:{port}/  (Ctrl-C stops)")
    if code := serving.serve(host="127.0.0.1", port=port, workers=1):
        raise Refused(
            f"serving on port {port} ended with {code}",
            hint="joren demo --port 8001, if it is taken",
        )


def _say_kept(kept: keeping.Kept, as_json: bool) -> None:
    if as_json:
        print_json(asdict(kept))
        return
    typer.echo(f"{kept.file}: {kept.files:,} files, {kept.size / 2**20:,.1f} MB")
    if kept.note:
        typer.echo(kept.note)
