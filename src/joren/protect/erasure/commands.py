"""``joren person`` and ``joren retention``: people's own data, in the terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core import clock
from joren.core.errors import BadInput, Refused
from joren.protect.erasure import selectors, services
from joren.protect.erasure.contracts import Preview, Request

person_app = typer.Typer(help="What is known of a person; to forget them.", no_args_is_help=True)
retention_app = typer.Typer(help="How long what is kept.", no_args_is_help=True)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Customer = Annotated[int, typer.Argument(help="The customer's number.")]


@person_app.command("export")
def export(
    customer: Customer,
    out: Annotated[Path | None, typer.Option(help="A .json file; else it is printed.")] = None,
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Everything about a customer as JSON, from every room."""
    text = services.written(services.export_person(customer, by=BY, language=language))
    if out is None:
        typer.echo(text)
        return
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    typer.echo(json.dumps({"file": str(out)}) if as_json else f"{out}: give it to them, remove it")


@person_app.command("ask")
def ask(
    customer: Customer,
    kind: Annotated[str, typer.Argument(help="export or erasure.")],
    note: Annotated[str, typer.Option(help="How they asked, and not who.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write down that a customer asked; they are to be answered within 30 days."""
    made = selectors.request(services.ask(customer, kind, by=BY, note=note))
    if as_json:
        _print_json(asdict(made))
    else:
        typer.echo(f"request {made.id}: {made.kind} of customer {customer}, due on {made.due_on}")


@person_app.command("erase")
def erase(
    customer: Customer,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; there is no way back.")] = False,
    suppress: Annotated[
        bool, typer.Option("--suppress", help="Should they come back, they have refused all.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what an erasure would remove, and with --yes forget the customer."""
    if not yes:
        shown = selectors.preview(customer)
        _print_json(asdict(shown)) if as_json else _print_preview(shown)
        return
    number = services.ask(customer, "erasure", by=BY, suppress=suppress)
    done = services.erase_person(number, by=BY)
    if done.state != "done":
        raise Refused(f"request {number} is {done.state}", hint="joren person requests")
    _print_json(asdict(done)) if as_json else _print_requests([done])


@person_app.command("requests")
def requests(
    only_open: Annotated[bool, typer.Option("--open", help="Those to be answered.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who asked what, those to be answered first."""
    found = selectors.requests(only_open=only_open)
    if as_json:
        _print_json([asdict(one) for one in found])
    else:
        _print_requests(found)


@person_app.command("withdraw")
def withdraw(
    number: Annotated[int, typer.Argument(help="The request's number.")], as_json: AsJson = False
) -> None:
    """Close a request that the person does not want any more."""
    done = services.withdraw(number, by=BY)
    _print_json(asdict(done)) if as_json else _print_requests([done])


@person_app.command("erased")
def erased(
    email: Annotated[str, typer.Option(help="Their e-mail.")] = "",
    phone: Annotated[str, typer.Option(help="Their phone.")] = "",
    store: Annotated[str, typer.Option(help="The store that gave the number.")] = "",
    number: Annotated[str, typer.Option(help="Their number in the store.")] = "",
    as_json: AsJson = False,
) -> None:
    """Answer whether somebody was erased, and when."""
    asked = {"email": email, "phone": phone, store: number if store else ""}
    said = {kind: text for kind, text in asked.items() if text}
    if not said:
        raise BadInput("nobody was named", hint="--email, --phone, or --store with --number")
    found = {one.id: one for kind, text in said.items() for one in selectors.was_erased(kind, text)}
    if as_json:
        _print_json([asdict(one) for one in found.values()])
    elif found:
        _print_requests(found.values())
    else:
        typer.echo("nobody with that was erased")


@retention_app.command("show")
def show(as_json: AsJson = False) -> None:
    """Show how long what is kept, and how many rows are old by it."""
    found = selectors.retention(now=clock.now())
    if as_json:
        _print_json([asdict(one) for one in found])
        return
    table = Table("name", "what", "days", "old now", "last run", "removed", box=None)
    for one in found:
        run = f"{one.last_run:%Y-%m-%d %H:%M}" if one.last_run else "never"
        days = "for ever" if one.days is None else str(one.days)
        old = "–" if one.old is None else f"{one.old:,}"
        table.add_row(one.name, one.label, days, old, run, f"{one.last_count:,}")
    Console().print(table, soft_wrap=True)


@retention_app.command("set")
def keep(
    name: Annotated[str, typer.Argument(help="A name from joren retention show.")],
    days: Annotated[str, typer.Argument(help="How many days, or forever.")],
    as_json: AsJson = False,
) -> None:
    """Keep a kind for so many days."""
    if days != "forever" and not days.isdigit():
        raise BadInput(f"{days!r} is no number of days", hint="such as 365, or forever")
    services.keep_for(name, None if days == "forever" else int(days), by=BY)
    show(as_json)


@retention_app.command("purge")
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove now what is old; every night it is done by itself."""
    if dry_run:
        show(as_json)
        return
    gone = services.purge(by=BY)
    if as_json:
        _print_json(gone)
    else:
        for name, count in gone.items():
            typer.echo(f"{name}: {count:,} removed")


def _print_preview(shown: Preview) -> None:
    table = Table("room", "goes", "stays, without the person", box=None)
    for part in shown.parts:
        goes, stays = (
            ", ".join(f"{n:,} {name}" for name, n in counts.items())
            for counts in (part.goes, part.stays)
        )
        if goes or stays:
            table.add_row(part.label, goes, stays)
    Console().print(table, soft_wrap=True)
    typer.echo(f"joren person erase {shown.customer} --yes forgets them; there is no way back")


def _print_requests(found: Iterable[Request]) -> None:
    table = Table("request", "kind", "customer", "state", "due", "finished", "what went", box=None)
    for one in found:
        ended = f"{one.finished_at:%Y-%m-%d %H:%M}" if one.finished_at else ""
        went = ", ".join(f"{n:,} {name}" for name, n in one.counts.items())
        table.add_row(
            str(one.id), one.kind, str(one.customer), one.state, str(one.due_on), ended, went
        )
    Console().print(table, soft_wrap=True)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))
