"""``joren report journey-map`` and the targets on it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.core.errors import BadInput
from joren.core.figures import Figure
from joren.understand.ltv import selectors as values
from joren.understand.paths import selectors, services
from joren.understand.paths.contracts import HORIZONS, LEADS, WAYS, JourneyMap, PathTarget

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int | None, typer.Option("--snapshot", help="Its number; else the newest.")]
Given = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="WAY=SHARE/DAYS", help="Such as f1_f2=0.3/90; all of them."),
]


def report_journey_map(as_json: AsJson = False, snapshot: Number = None) -> None:
    """Show where people go: ways between places, how many go on and how soon, and leads."""
    found = selectors.journey_map(values.snapshot(snapshot))
    if as_json:
        told = TypeAdapter(JourneyMap).dump_python(found, mode="json")
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold]Journey map[/] as of {found.as_of}")
    console.print(enough_for(found.verdicts))
    table = Table("way", "entered", "on", "waiting", box=None)
    for day in HORIZONS:
        table.add_column(f"{day} d", justify="right")
    table.add_column("half after", justify="right")
    for one in found.ways:
        told_of = one.told
        table.add_row(
            one.way, f"{told_of.entered:,}", f"{told_of.gone:,}", f"{told_of.waiting:,}",
            *(_shown(figure) for figure in told_of.shares), _shown(told_of.median),
        )  # fmt: skip
    console.print(table, soft_wrap=True)
    far = ", ".join(f"{LEADS[one.lead][1]} {one.people:,}" for one in found.leads)
    typer.echo(f"members without an order: {far}")
    for aim in selectors.against_targets(found):
        target = aim.target
        typer.echo(
            f"{target.way}: target {target.share:.1%} within {target.days} days, "
            f"is {_shown(aim.actual)}: {aim.verdict.replace('_', ' ')}"
        )


def journey_targets(target: Given = None, as_json: AsJson = False) -> None:
    """Show the target map, or set all of it; --target none takes every target away."""
    if target is not None:
        wanted = [] if target == ["none"] else [_read(one) for one in target]
        services.change_targets(wanted)
    held = selectors.targets()
    if as_json:
        typer.echo(json.dumps(asdict(held), ensure_ascii=False, default=str))
        return
    for one in held.targets:
        typer.echo(f"{one.way} {one.share:.1%} within {one.days} days")


def _read(text: str) -> PathTarget:
    way, _, rest = text.partition("=")
    share, _, days = rest.partition("/")
    if way not in WAYS:
        raise BadInput(f"no way {way!r}", hint=f"known: {', '.join(WAYS)}")
    try:
        return PathTarget(way, float(share), int(days))  # type: ignore[arg-type]  # checked above
    except ValueError:
        raise BadInput(f"{text!r} is no target", hint="such as f1_f2=0.3/90") from None


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return "–"
    return f"{figure.value:.1%}" if figure.unit == "share" else f"{figure.value:.0f} days"
