"""What the commands of the whole have in common: options, progress, JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As of that day's end."),
]
Out = Annotated[Path, typer.Option(help="The folder to write to.")]


def progress() -> Progress:
    """A bar for whoever waits."""
    # On stderr: standard output is for whoever reads the result.
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def day_of(moment: datetime | None) -> date | None:
    """The day that an option names."""
    return None if moment is None else moment.date()


def print_wide(table: Table) -> None:
    """A table of which no cell is cut, however narrow the terminal is."""
    console = Console()
    endless = console.options.update(width=10_000)
    needed = console.measure(table, options=endless).maximum
    Console(width=max(console.width, needed)).print(table)


def print_json(value: Any) -> None:
    """For programs, on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
