"""Who of both arms was first reached by when."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table

from joren.core.figures import in_a_line
from joren.measure.experiments import selectors
from joren.measure.experiments.commands.saying import AsJson, Number, shown
from joren.measure.experiments.contracts.exposure import ExposureWarning, ExposureWarningKind


def exposure(number: Number, as_json: AsJson = False) -> None:
    """Show who of both arms was first reached by when, those left out as ghosts."""
    found = selectors.exposure(number)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, default=str))
        return
    if found.as_of is None:
        typer.echo(found.why)
        return
    arms = Table("arm", "customers", "to be sent to", "let through", "got it", "reached", "first",
                 "half after days", box=None)  # fmt: skip
    for arm in found.arms:
        arms.add_row(
            arm.arm, f"{arm.customers:,}", f"{arm.asked:,}", f"{arm.passed:,}", f"{arm.got:,}",
            in_a_line(arm.exposed), str(arm.first or "–"),
            "–" if arm.half is None else str(arm.half),
        )  # fmt: skip
    by_day = Table("within days", "treated", "left out, as ghosts", box=None)
    for point in found.curve:
        by_day.add_row(str(point.days), in_a_line(point.treated), in_a_line(point.held_out))
    console = Console()
    console.print(f"by the ledger of {found.as_of}")
    console.print(arms, soft_wrap=True)
    console.print(by_day, soft_wrap=True)
    for figure in (found.asked_difference, found.passed_difference):
        if figure:
            console.print(f"{figure.name}: {shown(figure)}")
    for warning in found.warnings:
        console.print(f"[bold]attention[/]: {_warned(warning)}")


def _warned(one: ExposureWarning) -> str:
    told: dict[ExposureWarningKind, str] = {
        "left_out_reached": f"{one.customers or 0:,} of those left out got a message all the same",
        "asked_differs": "it was to be sent to more of one arm than of the other",
        "passed_differs": "the gate lets through more of one arm than of the other",
    }
    return told[one.kind] + (f" (p {one.p:.2g})" if one.p is not None else "")
