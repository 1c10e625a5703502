"""``joren webhooks``: who tells joren by themselves."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.collect.webhooks import contracts, selectors, services
from joren.core.errors import BadInput

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_MOST = 500
_LISTED = ("id", "name", "provider", "store", "address", "received", "done", "waiting", "refused")
_ACTOR = "command-line"

webhooks_app = typer.Typer(
    help="Who tells joren by themselves: Shopify, Stripe, any program.", no_args_is_help=True
)


@webhooks_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What sends: own shop, payments …")],
    provider: Annotated[str, typer.Option(help="shopify, stripe or generic.")],
    store: Annotated[str, typer.Option(help="The store that its orders are of.")],
    secret: Annotated[
        str, typer.Option(help="The sender's; of a generic one joren thinks one up.", prompt=False)
    ] = "",
    kind: Annotated[str, typer.Option(help="Of a generic one: orders, refunds, customers.")] = (
        "orders"
    ),
    bearer: Annotated[bool, typer.Option("--bearer", help="A token in place of a signature.")] = (
        False
    ),
    header: Annotated[str, typer.Option(help="Where a generic signature stands.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make an address that a shop or a payment service sends to."""
    made, kept = services.add_endpoint(
        name, provider=provider, store=store, secret=secret, kind=kind, bearer=bearer, header=header
    )
    _say([{**_plain(made), "secret": kept if provider == "generic" else ""}], as_json)
    if provider == "generic" and not as_json:
        typer.echo(f"secret: {kept}")  # a narrow terminal cuts the table's


@webhooks_app.command("list")
def list_endpoints(as_json: AsJson = False) -> None:
    """Show all addresses, and what came to each."""
    came = selectors.arrivals()
    rows = [
        {**_plain(one), **asdict(came.get(one.id, contracts.Arrivals()))}
        for one in selectors.endpoints()
    ]
    _say(rows if as_json else [{name: row[name] for name in _LISTED} for row in rows], as_json)


@webhooks_app.command("secret")
def change_secret(
    number: int,
    secret: Annotated[str, typer.Argument(help="The new one; the old one is taken as well.")] = "",
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="Take only what the new one signed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Change the secret of an address: old and new overlap until --forget-old."""
    if bool(secret) == forget_old:
        raise BadInput("give a new secret, or --forget-old", hint="joren webhooks secret ID SECRET")
    if forget_old:
        _say([_plain(services.forget_old_secret(number))], as_json)
    else:
        _say([_plain(services.change_secret(number, secret))], as_json)


@webhooks_app.command("paths")
def change_paths(
    number: int,
    sample: Annotated[Path, typer.Argument(help="One body as it was sent, as a file.")],
    path: Annotated[
        list[str], typer.Option("--path", help="field=path, such as email=customer.email.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say by which paths the bodies of a generic webhook are read; shows the sample's rows."""
    said = dict(one.split("=", 1) for one in path if "=" in one)
    try:
        text = sample.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{sample} cannot be read: {problem}", hint="a JSON file") from None
    _say([dict(row) for row in services.change_paths(number, sample=text, paths=said)], as_json)


@webhooks_app.command("disable")
def disable(number: int, as_json: AsJson = False) -> None:
    """Take nothing more at that address."""
    _say([_plain(services.disable_endpoint(number))], as_json)


@webhooks_app.command("waiting")
def waiting(
    retry: Annotated[bool, typer.Option("--retry", help="Read all of them again.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Give all of them up.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show bodies that nobody could read, and why."""
    if retry and drop:
        raise BadInput("--retry and --drop are two ways", hint="choose one")
    if retry or drop:
        deed = services.retry_held if retry else services.drop_held
        _say([{"retried" if retry else "dropped": deed(actor=_ACTOR)}], as_json)
    else:
        _say([asdict(one) for one in selectors.held(limit=_MOST)], as_json)


@webhooks_app.command("privacy")
def privacy(
    close: Annotated[int | None, typer.Option(help="The request of that number is answered.")] = (
        None
    ),
    as_json: AsJson = False,
) -> None:
    """Show what shops ask about somebody's data, and until when."""
    if close is not None:
        services.close_privacy_request(close, actor=_ACTOR)
    _say([asdict(one) for one in selectors.privacy_requests()], as_json)


@webhooks_app.command("read")
def read(as_json: AsJson = False) -> None:
    """Read what came now; joren up does so by itself."""
    done = 0
    while count := services.read_deliveries():
        done += count
    _say([{"read": done}], as_json)


def _plain(one: contracts.Endpoint) -> dict[str, Any]:
    row = asdict(one)
    del row["sample"]
    return row


def _say(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["none yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row.values()))
    Console().print(table, soft_wrap=True)
