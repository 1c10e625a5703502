"""``joren export labels`` and ``joren exports``: names for envelopes, once or by themselves."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from shutil import copyfile
from typing import Annotated, Any, Final, cast, get_args

import typer

from joren.core.errors import BadInput
from joren.decide.exports import selectors, services
from joren.decide.exports.contracts import Content, Encoding, Every, Rhythm

BY: Final = "command-line"
exports_app = typer.Typer(
    help="Files of a segment that are written by themselves.", no_args_is_help=True
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def export_labels(
    number: Annotated[int, typer.Argument(help="The segment's number, from joren segments list.")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file.")],
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8 or cp932.")] = "utf-8",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write names for envelopes: members of a segment who may be written to by post."""
    chosen = encoding_of(encoding)
    with out.open("wb") as file:
        file.writelines(services.take_labels(number, encoding=chosen, by=BY))
    report = selectors.label_report(number, chosen)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    typer.echo(f"{report.written:,} of {report.members:,} members are in {out}")
    for why, n in sorted(report.refused.items()):
        typer.echo(f"{n:,} may not be written to by post: {why}")
    if report.nameless:
        typer.echo(f"{report.nameless:,} have no name")
    if report.no_postal_code:
        typer.echo(f"{report.no_postal_code:,} have no postal code")
    if report.no_street:
        typer.echo(f"{report.no_street:,} have no street")
    for one in report.unwritable:
        typer.echo(f"customer {one.customer_id}: {encoding} has no {one.characters}")


@exports_app.command("plan")
def plan(
    segment: Annotated[int, typer.Argument(help="The segment's number.")],
    every: Annotated[str, typer.Option(help="day, week or month.")] = "week",
    hour: Annotated[int, typer.Option(help="0 to 23, by the shop's clocks.")] = 6,
    day: Annotated[int, typer.Option(help="Of the week (1 is Monday) or of the month.")] = 1,
    content: Annotated[
        str, typer.Option(help="labels: names for envelopes; customers: everybody with figures.")
    ] = "labels",
    encoding: Annotated[str, typer.Option(help="utf-8 or cp932.")] = "utf-8",
    keep_days: Annotated[int, typer.Option(help="Days for which each file is kept.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Write a segment's addresses, or its customers, to a file again and again."""
    rhythm = Rhythm(cast(Every, every), hour, day)
    made = services.plan_export(
        segment, rhythm, by=BY, content=cast(Content, content), encoding=encoding_of(encoding),
        keep_days=keep_days,
    )  # fmt: skip
    _say(asdict(made), f"schedule {made.id}: the first file is due {made.next_at}", as_json)


@exports_app.command("list")
def listed(as_json: AsJson = False) -> None:
    """Show the schedules."""
    for one in selectors.export_schedules():
        rhythm = one.rhythm
        on = f", day {rhythm.day}" if rhythm.every != "day" else ""
        state = "stopped" if one.stopped_at else f"next {one.next_at}"
        what = f"{one.id} {one.name}, {one.content}"
        text = f"{what}: every {rhythm.every}{on}, {rhythm.hour}:00; {state}"
        _say(asdict(one), text, as_json)


@exports_app.command("stop")
def stop(
    number: Annotated[int, typer.Argument(help="A schedule's number.")], as_json: AsJson = False
) -> None:
    """Write no more files of a schedule; what is kept stays until its time."""
    services.stop_export(number, by=BY)
    _say({"stopped": number}, f"schedule {number} is stopped", as_json)


@exports_app.command("files")
def files(as_json: AsJson = False) -> None:
    """Show the newest files and failures."""
    for one in selectors.export_files():
        text = f"{one.id} schedule {one.schedule}, {one.due_at}: {one.state}, {one.people:,} people"
        _say(asdict(one), f"{text} {one.said}".rstrip(), as_json)


@exports_app.command("take")
def take(
    number: Annotated[int, typer.Argument(help="A file's number.")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file.")],
    as_json: AsJson = False,
) -> None:
    """Copy a kept file; it is written down that it was taken."""
    file, path = services.take_file(number, by=BY)
    copyfile(path, out)
    _say(asdict(file), f"{file.people:,} people are in {out}", as_json)


def encoding_of(text: str) -> Encoding:
    """The encoding that somebody named."""
    if text not in get_args(Encoding):
        raise BadInput(f"no encoding {text!r}", hint=", ".join(get_args(Encoding)))
    return cast(Encoding, text)


def _say(told: dict[str, Any], text: str, as_json: bool) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, default=str) if as_json else text)
