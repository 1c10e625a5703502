"""``joren consent``: what people agreed to, in the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.accounts.selectors import business
from joren.protect.consent import rules, selectors, services
from joren.protect.consent.contracts import Imported

consent_app = typer.Typer(help="Who agreed to what, and who refused.", no_args_is_help=True)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Customer = Annotated[int, typer.Argument(help="The customer's number.")]
Named = Annotated[
    str, typer.Argument(metavar="MATTER", help="Channel and purpose, such as email/marketing.")
]


@consent_app.command("show")
def show(customer: Customer, as_json: AsJson = False) -> None:
    """Show how things stand with one customer, and all that was said."""
    standings, entries = selectors.standings_of(customer), selectors.entries_of(customer)
    if as_json:
        _print_json(
            {"standings": [asdict(s) for s in standings], "entries": [asdict(e) for e in entries]}
        )
        return
    now = Table("matter", "state", "since", box=None)
    for one in standings:
        now.add_row(str(one.matter), one.state, f"{one.since:%Y-%m-%d}" if one.since else "")
    said = Table("entry", "when", "matter", "act", "source", "by", "reason", box=None)
    for entry in entries:
        said.add_row(
            str(entry.id), f"{entry.at:%Y-%m-%d %H:%M}", f"{entry.channel}/{entry.purpose}",
            entry.act, entry.source, entry.by, entry.reason,
        )  # fmt: skip
    Console().print(now, said, soft_wrap=True)


@consent_app.command("set")
def set_one(
    customer: Customer,
    matter: Named,
    may: Annotated[bool, typer.Option("--may/--may-not", help="What they said.")],
    reason: Annotated[str, typer.Option(help="How the shop came to know it.")],
    as_json: AsJson = False,
) -> None:
    """Write down what a customer told the shop."""
    named = rules.matter_named(matter)
    services.set_by_hand(customer, named, may=may, reason=reason, by=BY)
    (now,) = selectors.standings_of(customer, [named])
    if as_json:
        _print_json(asdict(now))
    else:
        typer.echo(f"{customer} {matter}: {now.state}")


@consent_app.command("counts")
def counts(as_json: AsJson = False) -> None:
    """Count how many customers stand how."""
    found = {
        str(one): found for one, found in selectors.counts(*selectors.choices().offered).items()
    }
    if as_json:
        _print_json(found)
        return
    table = Table("matter", "agreed", "exception", "refused", "pending", "never asked", box=None)
    for name, row in found.items():
        table.add_row(name, *(f"{number:,}" for number in row.values()))
    Console().print(table)


@consent_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV of consents.")],
    store: Annotated[str, typer.Option(help="The store of rows that name none.")] = "",
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="When rows without a day were so."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take a file of consents in, each person by e-mail or store number."""
    done = services.import_consents(
        file,
        zone=business().time_zone,
        by=BY,
        store=store,
        as_of=as_of.date() if as_of else None,
    )
    if as_json:
        _print_json(asdict(done))
        return
    _print_imported(done)


def _print_imported(done: Imported) -> None:
    typer.echo(
        f"{done.rows:,} rows: {done.recorded:,} recorded, {done.repeated:,} known, "
        f"{done.refused:,} stayed out"
    )
    if done.bad:
        table = Table("row", "column", "value", "reason", box=None)
        for one in done.bad:
            table.add_row(str(one.row), one.column, one.value, one.reason)
        Console().print(table, soft_wrap=True)


@consent_app.command("choose")
def choose(
    offer: Annotated[
        list[str] | None, typer.Option(help="What the shop asks about; once for each.")
    ] = None,
    rely_on: Annotated[
        list[str] | None, typer.Option(help="An exception of the law; once for each, or none.")
    ] = None,
    confirm_days: Annotated[int | None, typer.Option(help="Days to confirm in.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show or change what the shop asks about and relies on."""
    changes = {"offered": offer, "relies_on": rely_on, "confirm_days": confirm_days}
    said = {name: value for name, value in changes.items() if value is not None}
    if said.get("relies_on") == ["none"]:
        said["relies_on"] = []
    now = services.choose(by=BY, **said) if said else selectors.choices()  # type: ignore[arg-type]  # each option has the type of its field
    shown = {
        "offered": [str(one) for one in now.offered],
        "relies_on": list(now.relies_on),
        "confirm_days": now.confirm_days,
    }
    if as_json:
        _print_json(shown)
    else:
        typer.echo(f"asks about {', '.join(shown['offered'])}")  # type: ignore[arg-type]  # the choices are told as they are typed
        typer.echo(f"relies on {', '.join(now.relies_on) or 'no exception'}")
        typer.echo(f"confirmed within {now.confirm_days} days")


@consent_app.command("word")
def word(
    matter: Named,
    text: Annotated[str, typer.Argument(help="What is shown.")],
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Say what is shown to those who are asked."""
    made = services.word(rules.matter_named(matter), text, language=language, by=BY)
    if as_json:
        _print_json(asdict(made))
    else:
        typer.echo(f"{matter} ({language}): version {made.version}")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))
