"""``joren segments``: list, show, make, change and put away segments, and take their members."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.collect.quality.contracts import enough_for
from joren.core.errors import BadInput, JorenError
from joren.core.figures import Figure
from joren.decide.segments import rules, selectors, services
from joren.decide.segments.contracts import Rule, Segment
from joren.understand.ltv import selectors as values

segments_app = typer.Typer(help="Who belongs together, and whom to treat.", no_args_is_help=True)

BY: Final = "command-line"
_MEMBERS_AT_ONCE: Final = 100_000
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The segment's number, from joren segments list.")]
RuleFile = Annotated[
    str, typer.Option("--rule", help="A file with the rule as JSON, or the JSON itself.")
]


@segments_app.command("list")
def list_segments(
    as_json: AsJson = False,
    archived: Annotated[bool, typer.Option("--archived", help="Those put away.")] = False,
) -> None:
    """Show every segment with its rule and how many belong."""
    report = selectors.report(values.snapshot())
    counted = {one.segment: one for one in report.segments} if report else {}
    found = selectors.segments(archived=archived)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    table = Table("number", "segment", "members", "came", "left", "rule", box=None)
    for one in found:
        row = counted.get(one.id)
        sizes = (f"{row.members:,}", f"{row.entered:,}", f"{row.left:,}") if row else ("–",) * 3
        table.add_row(str(one.id), one.name, *sizes, selectors.sentences(one.rule)[0])
    Console().print(table, soft_wrap=True)


@segments_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one segment, and its funnel as of the newest figures."""
    one = selectors.segment(number)
    if as_json:
        typer.echo(json.dumps(_plain(one), ensure_ascii=False))
        return
    console = Console()
    console.print(f"[bold]{one.name}[/] · {one.membership} · version {one.version} · {one.owner}")
    console.print(_funnel(selectors.rule_of(one)), soft_wrap=True)


@segments_app.command("preview")
def preview(rule: RuleFile, as_json: AsJson = False) -> None:
    """Say whom a rule would fit, without keeping it."""
    asked = _rule(rule)
    if as_json:
        found = selectors.preview(asked)
        told = {"customers": found.customers, "of": found.of, "ja": found.ja, "en": found.en}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    Console().print(_funnel(asked), soft_wrap=True)


@segments_app.command("compare")
def compare(rule: RuleFile, as_json: AsJson = False) -> None:
    """Say what a rule's customers are worth beside all others, and where else they belong."""
    asked = _rule(rule)
    selectors.refuse_unknown(asked)
    value, shared = selectors.against_rest(asked), selectors.overlaps(asked)
    verdicts = selectors.worth_rests_on()
    if as_json:
        told = {
            "value": [asdict(one) for one in value],
            "overlaps": [asdict(one) for one in shared],
            "verdicts": [asdict(one) for one in verdicts],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(enough_for(verdicts))
    table = Table("per customer", "this rule", "n", "all others", "n", box=None)
    for one in value:
        both = (one.segment, one.rest)
        table.add_row(one.segment.name, *(cell for side in both for cell in _cells(side)))
    Console().print(table, soft_wrap=True)
    table = Table("also in", "customers", box=None)
    for other in shared:
        if other.both:
            table.add_row(other.name, f"{other.both:,}")
    Console().print(table, soft_wrap=True)


@segments_app.command("add")
def add(
    name: str,
    rule: RuleFile,
    note: Annotated[str, typer.Option("--note", help="What it is for.")] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a rule under a name."""
    _told(services.create(name, _rule(rule), by=BY, note=note), as_json)


@segments_app.command("add-ready-made")
def add_ready_made(as_json: AsJson = False) -> None:
    """Add the segments that shops expect, but those whose names are there already."""
    there = {one.name for one in selectors.segments()}
    made = [
        services.create(one.ja, one.rule, by=BY, note=one.ja_use)
        for one in rules.READY_MADE
        if one.ja not in there
    ]
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in made], ensure_ascii=False))
    else:
        typer.echo(f"{len(made)} segments added; the next refresh says who belongs")


@segments_app.command("change")
def change(
    number: Number,
    rule: Annotated[str | None, typer.Option("--rule", help="The new rule.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="The new name.")] = None,
    why: Annotated[str, typer.Option("--why", help="Why, for the history.")] = "",
    as_json: AsJson = False,
) -> None:
    """Change the name or the rule; what was before stays in the history."""
    changes: dict[str, Any] = {"name": name} if name is not None else {}
    if rule is not None:
        changes["rule"] = _rule(rule)
    _told(services.change(number, by=BY, why=why, **changes), as_json)


@segments_app.command("freeze")
def freeze(number: Number, as_json: AsJson = False) -> None:
    """Keep whoever fits now as the members."""
    _told(services.freeze(number, by=BY), as_json)


@segments_app.command("thaw")
def thaw(number: Number, as_json: AsJson = False) -> None:
    """Let it follow its rule again."""
    _told(services.thaw(number, by=BY), as_json)


@segments_app.command("archive")
def archive(number: Number, as_json: AsJson = False) -> None:
    """Put a segment away."""
    _told(services.archive(number, by=BY), as_json)


@segments_app.command("restore")
def restore(number: Number, as_json: AsJson = False) -> None:
    """Take a segment back into use."""
    _told(services.restore(number, by=BY), as_json)


@segments_app.command("members")
def members(
    number: Number,
    out: Annotated[Path | None, typer.Option("--out", help="A CSV file; else printed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the numbers of the customers who belong now."""
    rule = selectors.rule_of(selectors.segment(number))
    services.members_taken(number, customers=selectors.size(rule), by=BY)
    found = _numbers(rule)
    if as_json and out is None:
        typer.echo(json.dumps({"customers": list(found)}))
        return
    file = sys.stdout if out is None else out.open("w", encoding="utf-8", newline="")
    written = 0
    try:
        rows = csv.writer(file)
        rows.writerow(["customer_id"])
        for one in found:
            rows.writerow([one])
            written += 1
    finally:
        if out is not None:
            file.close()
    if as_json:
        typer.echo(json.dumps({"file": str(out), "customers": written}))


def _rule(text: str) -> Rule:
    path = Path(text)
    try:
        document = json.loads(text if text.lstrip().startswith("{") else path.read_text("utf-8"))
    except OSError:
        raise BadInput(f"no file {text}", hint="--rule FILE, or --rule '{…}'") from None
    except ValueError as broken:
        raise BadInput(
            f"the rule is no JSON: {broken}", hint="see joren segments show --json"
        ) from None
    return rules.read(document)


def _funnel(rule: Rule) -> Table:
    found = selectors.preview(rule)
    table = Table("rule", "alone", "left", box=None, header_style="bold")
    table.add_row("すべての顧客 / all customers", f"{found.of:,}", f"{found.of:,}")
    for step in found.steps:
        table.add_row(f"{step.ja} / {step.en}", f"{step.alone:,}", f"{step.left:,}")
        for one in step.cautions:
            table.add_row(f"  [yellow]{one.use}: {one.why}[/]", "", "")
    return table


def _cells(figure: Figure) -> tuple[str, str]:
    if figure.value is None:
        return "–", str(figure.n)
    between = f" ({figure.low:,.0f} – {figure.high:,.0f})" if figure.low is not None else ""
    return f"{figure.value:,.0f}{between}", f"{figure.n:,}"


def _told(one: Segment, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_plain(one), ensure_ascii=False))
    else:
        typer.echo(f"{one.id} {one.name}: {selectors.sentences(one.rule)[0]}")


def _plain(one: Segment) -> dict[str, Any]:
    ja, en = selectors.sentences(one.rule)
    try:
        size: int | None = selectors.size(selectors.rule_of(one))
    except JorenError:
        size = None  # before the first refresh nobody knows
    return {
        "id": one.id, "name": one.name, "rule": rules.written(one.rule), "ja": ja, "en": en,
        "membership": one.membership, "owner": one.owner, "note": one.note,
        "version": one.version, "archived": one.archived, "customers": size,
    }  # fmt: skip


def _numbers(rule: Rule) -> Iterator[int]:
    last = 0
    while found := selectors.members_of(rule, after=last, limit=_MEMBERS_AT_ONCE):
        yield from found
        last = found[-1]
