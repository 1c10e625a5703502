"""Figures built anew, and taken away as files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from joren.project.cli.printing import AsJson, Day, day_of, print_json, progress
from joren.project.export import export_insights
from joren.project.refresh import refresh as build_snapshot


def refresh(as_of: Day = None, as_json: AsJson = False) -> None:
    """Build one dated snapshot of every insight from the facts."""
    with progress() as bar:
        task = bar.add_task("refresh", total=1.0)
        report = build_snapshot(
            as_of=day_of(as_of),
            on_progress=lambda step, share: bar.update(task, description=step, completed=share),
        )
    if as_json:
        print_json(asdict(report))
        return
    typer.echo(
        f"Snapshot {report.snapshot_id} as of {report.as_of} ({report.because}): "
        f"{report.customers:,} customers, {report.orders:,} orders, {report.seconds:.1f} s\n"
        f"{report.model}; {report.model_why}"
    )


def insights(
    out: Annotated[Path, typer.Option(help="A .parquet or .csv file.")],
    snapshot: Annotated[int | None, typer.Option(help="That one instead of the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write one row per customer, as Parquet or CSV."""
    with progress() as bar:
        task = bar.add_task("export", total=None)
        done = export_insights(
            out, by="command-line", snapshot=snapshot,
            on_progress=lambda rows: bar.update(task, completed=rows),
        )  # fmt: skip
    if as_json:
        print_json(asdict(done))
    else:
        said = "; they are simulated" if done.simulated else ""
        typer.echo(f"{done.rows:,} customers as of {done.as_of} in {done.path}{said}")
