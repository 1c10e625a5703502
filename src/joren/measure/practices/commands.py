"""``joren practices``: the fifteen ways and the shop's own, and the quarterly audit."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.measure.practices import selectors, services
from joren.measure.practices.contracts import FIFTEEN, UNITS, BadPractice, Practice, Scored, Step

practices_app = typer.Typer(help="What a shop does beside messages, and how far it is.",
                            no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Key = Annotated[str, typer.Argument(help="Such as packaging or own-1: joren practices list.")]


@practices_app.command("list")
def list_practices(as_json: AsJson = False) -> None:
    """Show the fifteen and the shop's own."""
    found = selectors.practices()
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("key", "practice", "owner", "steps", "since", "score", box=None)
    for one in found:
        steps = one.text.steps
        table.add_row(
            one.key, _called(one), one.owner_name or "–",
            f"{sum(step.done for step in steps)}/{len(steps)}",
            str(one.text.started_on or "–"), "–" if one.score is None else str(one.score),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@practices_app.command("show")
def show(key: Key, as_json: AsJson = False) -> None:
    """Show one, with what it brought."""
    one = selectors.practice(key)
    brought = selectors.measured(one)
    if as_json:
        _print({"practice": asdict(one), "measured": asdict(brought) if brought else None})
        return
    typer.echo(_called(one))
    for step in one.text.steps:
        typer.echo(f"[{'x' if step.done else ' '}] {step.what}")
    if one.text.evidence:
        typer.echo(one.text.evidence)
    if one.text.decision:
        typer.echo(f"decided: {one.text.decision}")
    if brought:
        typer.echo(f"{brought.name}: {brought.evidence}")


@practices_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What the shop calls it.")], as_json: AsJson = False
) -> None:
    """Add one of the shop's own."""
    made = services.add(name, by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"{made.key} is kept")


@practices_app.command("write")
def write(
    key: Key,
    owner: Annotated[int | None, typer.Option("--owner", help="A member's number.")] = None,
    step: Annotated[
        list[str] | None, typer.Option("--step", help="A line of the checklist.")
    ] = None,
    done: Annotated[list[str] | None, typer.Option("--done", help="A line that is done.")] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", help="What shows it.")] = None,
    decision: Annotated[str | None, typer.Option("--decision", help="What was decided.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help=" or ".join(UNITS))] = None,
    cost: Annotated[int | None, typer.Option("--cost", help="Of a unit, in minor units.")] = None,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"])] = None,
    holdout: Annotated[int | None, typer.Option("--holdout", help="That measures it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given; the rest stays."""
    given: dict[str, Any] = {
        "owner": owner, "evidence": evidence, "unit": unit, "cost": cost, "holdout": holdout,
        "started_on": _day(since), "stopped_on": _day(until), "decision": decision,
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None}
    if step or done:
        changes["steps"] = (
            *(Step(one, done=True) for one in done or ()), *(Step(one) for one in step or ()),
        )  # fmt: skip
    if not changes:
        raise BadPractice("nothing to change", hint="joren practices write --help")
    made = services.write(key, replace(selectors.practice(key).text, **changes), by=BY)
    _print(asdict(made)) if as_json else typer.echo(f"{key} is written")


@practices_app.command("evidence")
def evidence(
    key: Key,
    file: Annotated[
        Path | None, typer.Option("--file", exists=True, dir_okay=False, help="To keep.")
    ] = None,
    link: Annotated[str, typer.Option("--link", help="To keep.")] = "",
    name: Annotated[str, typer.Option("--name", help="What the link is called.")] = "",
    note: Annotated[str, typer.Option("--note", help="What it shows.")] = "",
    drop: Annotated[int | None, typer.Option("--drop", help="The number of one to remove.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the files and links that show a practice; keep or remove one."""
    if file is not None:
        with file.open("rb") as opened:
            parts = iter(partial(opened.read, 2**20), b"")
            services.add_file(key, name=file.name, parts=parts, note=note, by=BY)
    if link:
        services.add_link(key, url=link, name=name, note=note, by=BY)
    if drop is not None:
        services.drop(drop, by=BY)
    found = selectors.evidence_of(key)
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        where = one.url or f"{one.size:,} bytes"
        typer.echo(f"{one.id} {one.name} ({where}) {one.added_by} {one.note}".rstrip())


@practices_app.command("take")
def take(
    number: Annotated[int, typer.Argument(help="As joren practices evidence shows.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write the file.")],
    as_json: AsJson = False,
) -> None:
    """Take a file that shows a practice away."""
    _, path = services.take(number, by=BY)
    shutil.copyfile(path, out)
    typer.echo(json.dumps({"file": str(out)}) if as_json else str(out))


@practices_app.command("remove")
def remove(key: Key, as_json: AsJson = False) -> None:
    """Remove one of the shop's own that was never begun and never tried."""
    services.remove(key, by=BY)
    typer.echo(json.dumps({"removed": key}) if as_json else f"{key} is removed")


@practices_app.command("audit")
def audit(
    file: Annotated[
        Path | None, typer.Argument(help='JSON: {"packaging": {"score": 2}, …}')
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep this quarter's audit of the fifteen; without a file, show those there are."""
    if file is not None:
        _assess(file)
    found = selectors.audits()
    if as_json:
        _print([asdict(one) for one in found])
        return
    for one in found:
        typer.echo(f"{one.quarter}: {one.total} of {selectors.standing().most}, {one.held_by}")


def _called(one: Practice) -> str:
    return one.name if one.own else FIFTEEN[one.key][1]


def _assess(file: Path) -> None:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        scores = {code: Scored(**one) for code, one in said.items()}
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        raise BadPractice(
            f"{file.name} cannot be read: {fault}",
            hint='{"packaging": {"score": 2, "evidence": "…"}, …}, all fifteen',
        ) from None
    services.assess(scores, by=BY)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _print(told: Any) -> None:
    typer.echo(json.dumps(told, default=str, ensure_ascii=False))
