"""``joren people``: who is one person, and who is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.collect.customers import contracts, rules, selectors, services
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse

people_app = typer.Typer(help="Who is one person, and who is not.", no_args_is_help=True)

keys_app = typer.Typer(help="The keys that personal data is sealed under.", no_args_is_help=True)

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="A customer's number.")]
Contact = Annotated[str, typer.Argument(help="An e-mail or a phone.")]
Why = Annotated[str, typer.Option("--why", help="Kept with the decision.")]


@people_app.command("find")
def find(as_json: AsJson = False) -> None:
    """Look for people who may be one; joins nobody. Each refresh does it too."""
    new = services.look_for_doubles(warehouse())
    waiting = selectors.doubles_waiting()
    if as_json:
        _print({"new": new, "waiting": waiting})
        return
    typer.echo(f"{new:,} new pairs; waiting: {_counts(waiting)}")


@people_app.command("duplicates")
def duplicates(
    likelihood: Annotated[
        str, typer.Option(help="very_likely, likely, perhaps or household.")
    ] = "",
    limit: Annotated[int, typer.Option(help="How many to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show pairs that wait for a decision, those first for whom most speaks."""
    found = selectors.doubles(likelihood=rules.likelihood_named(likelihood), limit=limit).items
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("pair", "one", "other", "likelihood", "because of", box=None)
    for one in found:
        because = ", ".join(one.evidence)
        table.add_row(str(one.id), str(one.one), str(one.other), one.likelihood, because)
    Console().print(table, soft_wrap=True)
    typer.echo(_counts(selectors.doubles_waiting()))


@people_app.command("merge")
def merge(one: Number, other: Number, why: Why = "", as_json: AsJson = False) -> None:
    """Make the younger of two customers part of the older; joren people undo parts them again."""
    number = services.merge_customers(CustomerId(one), CustomerId(other), by=BY, why=why)
    _say({"merge": number}, f"merge {number}: joren people undo {number} parts them", as_json)


@people_app.command("apart")
def apart(one: Number, other: Number, why: Why = "", as_json: AsJson = False) -> None:
    """Remember that two customers are two people."""
    services.keep_apart(CustomerId(one), CustomerId(other), by=BY, why=why)
    _say({"apart": [one, other]}, f"{one} and {other} are kept apart", as_json)


@people_app.command("merges")
def merges(one: Number, as_json: AsJson = False) -> None:
    """Show the merges that made a customer."""
    found = selectors.merges_of(selectors.customer(CustomerId(one)).id)
    if as_json:
        _print([asdict(made) for made in found])
        return
    table = Table("merge", "from", "on", "by", "why", "undone", box=None)
    for made in found:
        table.add_row(
            str(made.id),
            str(made.loser),
            f"{made.at:%Y-%m-%d}",
            made.by,
            made.why or ", ".join(made.evidence),
            f"{made.undone_at:%Y-%m-%d}" if made.undone_at else "",
        )
    Console().print(table, soft_wrap=True)


@people_app.command("undo")
def undo(
    merge: Annotated[int, typer.Argument(help="The merge's number.")], as_json: AsJson = False
) -> None:
    """Part two customers again, exactly as they were."""
    services.undo_merge(merge, by=BY)
    _say({"undone": merge}, f"merge {merge} is undone; the two stay apart", as_json)


@people_app.command("placeholders")
def placeholders(as_json: AsJson = False) -> None:
    """Show e-mails and phones that name nobody, and by how many numbers joren found them."""
    found = selectors.placeholders()
    if as_json:
        _print([asdict(one) for one in found])
        return
    table = Table("contact", "names", "numbers", "on", "by", "why", box=None)
    for one in found:
        names = "somebody" if one.real else "nobody"
        numbers = "" if one.numbers is None else f"{one.numbers:,}"
        table.add_row(one.contact, names, numbers, f"{one.at:%Y-%m-%d}", one.by, one.why)
    Console().print(table, soft_wrap=True)


@people_app.command("nobody")
def nobody(contact: Contact, why: Why = "", as_json: AsJson = False) -> None:
    """Say that an e-mail or a phone names nobody: it joins no two from now on."""
    services.name_nobody(contact, by=BY, why=why)
    _say({"nobody": contact}, f"{contact} joins nobody from now on", as_json)


@people_app.command("somebody")
def somebody(contact: Contact, why: Why = "", as_json: AsJson = False) -> None:
    """Say that it is a real person's: whoever comes with it is one again from now on."""
    services.name_somebody(contact, by=BY, why=why)
    _say({"somebody": contact}, f"{contact} is a person's from now on", as_json)


@keys_app.command("new")
def new_key(
    name: Annotated[str, typer.Argument(help="Letters and digits.")] = "k1", as_json: AsJson = False
) -> None:
    """Print a new key for JOREN_PERSONAL_KEYS; it is kept nowhere."""
    line = services.key_line(name)
    _say({"key": line}, line, as_json)


@keys_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Show which keys are at hand and how much each has sealed."""
    counts = selectors.sealed_under()
    if as_json:
        _print(counts)
        return
    for name, rows in counts.items():
        if name or rows:
            typer.echo(f"{name or 'not at hand'}: {rows:,} rows")


@keys_app.command("rotate")
def rotate(as_json: AsJson = False) -> None:
    """Seal everything under a new key; killed, it goes on when it is said again."""
    done = services.rotate_keys(by=BY, on_progress=lambda rows: typer.echo(f"{rows:,}", err=True))
    _say({"rows": done}, f"{done:,} rows are sealed anew", as_json)


def _counts(waiting: dict[contracts.Likelihood, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in waiting.items())


def _say(told: dict[str, Any], text: str, as_json: bool) -> None:
    if as_json:
        _print(told)
    else:
        typer.echo(text)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))
