"""``joren deliveries``: whom joren tells what, and how that went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.act.deliveries import contracts, selectors, services

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Announce = Annotated[
    list[str], typer.Option("--announce", help="What it is told: a name, or such as connectors.*")
]

_ACTOR = "command-line"

deliveries_app = typer.Typer(
    help="What joren tells other programs: signed webhooks.", no_args_is_help=True
)


@deliveries_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="https://…")],
    name: Annotated[str, typer.Option(help="Which program it is.")],
    announce: Announce,
    as_json: AsJson = False,
) -> None:
    """Tell that address what it chose; its secret is printed this once."""
    made, secret = services.add_endpoint(name, url=url, announcements=announce)
    _say([{**asdict(made), "secret": secret}], as_json)
    if not as_json:
        typer.echo(f"secret: {secret}")  # a narrow terminal cuts the table's


@deliveries_app.command("add-chat")
def add_chat(
    url: Annotated[str, typer.Argument(help="The incoming webhook; of Chatwork, the room.")],
    name: Annotated[str, typer.Option(help="Which room it is.")],
    shape: Annotated[str, typer.Option(help=", ".join(contracts.CHATS))],
    announce: Announce,
    token: Annotated[str, typer.Option(help="Of Chatwork: an API token.")] = "",
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    as_json: AsJson = False,
) -> None:
    """Tell a chat room in words."""
    made = services.add_chat(
        name, shape=shape, url=url, token=token, announcements=announce, language=language
    )
    _say([asdict(made)], as_json)


@deliveries_app.command("endpoints")
def endpoints(as_json: AsJson = False) -> None:
    """Show who is told, and what is wrong with them."""
    _say([asdict(one) for one in selectors.endpoints()], as_json)


@deliveries_app.command("choose")
def choose(number: int, announce: Announce, as_json: AsJson = False) -> None:
    """Tell that endpoint those announcements from now on."""
    _say([asdict(services.choose_announcements(number, announce))], as_json)


@deliveries_app.command("rotate")
def rotate(number: int, as_json: AsJson = False) -> None:
    """Sign with a new secret, printed this once, and for a day with the old one too."""
    made, secret = services.rotate_secret(number)
    _say([{**asdict(made), "secret": secret}], as_json)
    if not as_json:
        typer.echo(f"secret: {secret}")  # a narrow terminal cuts the table's


@deliveries_app.command("disable")
def disable(number: int, as_json: AsJson = False) -> None:
    """Tell that endpoint nothing until it is enabled again."""
    _say([asdict(services.disable_endpoint(number))], as_json)


@deliveries_app.command("enable")
def enable(number: int, as_json: AsJson = False) -> None:
    """Tell that endpoint again, also what waited."""
    _say([asdict(services.enable_endpoint(number))], as_json)


@deliveries_app.command("remove")
def remove(number: int, as_json: AsJson = False) -> None:
    """Forget that endpoint, and what was told to it."""
    services.remove_endpoint(number)
    typer.echo(json.dumps({"removed": number}) if as_json else f"endpoint {number} is removed")


@deliveries_app.command("ping")
def ping(number: int, as_json: AsJson = False) -> None:
    """Tell that endpoint something without meaning, to try it."""
    _say([asdict(services.ping(number))], as_json)


@deliveries_app.command("list")
def list_deliveries(
    state: Annotated[str, typer.Option(help=", ".join(contracts.STATES))] = "",
    limit: int = 50,
    as_json: AsJson = False,
) -> None:
    """Show what was told, how often it was tried, and when it is tried next."""
    found = selectors.deliveries(state=state, limit=limit).items
    _say([asdict(one) for one in found], as_json)


@deliveries_app.command("again")
def again(number: int, as_json: AsJson = False) -> None:
    """Send that delivery once more."""
    _say([asdict(services.redeliver(number, by=_ACTOR))], as_json)


@deliveries_app.command("send")
def send(as_json: AsJson = False) -> None:
    """Send what is due now; joren up does so by itself."""
    sent = 0
    while services.deliver_one():
        sent += 1
    _say([{"sent": sent}], as_json)


def _say(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["none yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console().print(table, soft_wrap=True)
