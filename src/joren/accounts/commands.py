"""``joren user``: who comes in."""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from joren.accounts import contracts, rules, selectors, services
from joren.core.errors import BadInput

user_app = typer.Typer(help="Who may sign in, and which programs hold a key.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="The e-mail that the member signs in with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read it from standard input.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make one, and print it this once.")]


@user_app.command("add")
def add(
    email: Email,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(rules.ROLES)}.")],
    name: Annotated[str, typer.Option(help="How pages call them.")] = "",
    password_stdin: FromStdin = False,
    generate: Generate = False,
    as_json: AsJson = False,
) -> None:
    """Let somebody sign in."""
    password = _password(password_stdin, generate)
    member = services.add_member(email, role=role, name=name, password=password)
    _say_with_password(member, password if generate else "", as_json)


@user_app.command("password")
def change_password(
    email: Email,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    as_json: AsJson = False,
) -> None:
    """Set a new password."""
    password = _password(password_stdin, generate)
    services.change_password(email, password=password)
    _say_with_password(selectors.member(email), password if generate else "", as_json)


@user_app.command("role")
def change_role(email: Email, role: str, as_json: AsJson = False) -> None:
    """Give the member another role."""
    _say([_plain(services.change_role(email, role=role))], as_json)


@user_app.command("list")
def list_members(as_json: AsJson = False) -> None:
    """Show everybody who may sign in."""
    _say([_plain(member) for member in selectors.members()], as_json)


@user_app.command("remove")
def remove(email: Email, as_json: AsJson = False) -> None:
    """Let the member in no more, and none of their keys."""
    member = selectors.member(email)
    services.remove_member(email)
    _say([{"removed": member.email}], as_json)


@user_app.command("key")
def issue_key(
    email: Email,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[str], typer.Option(help=f"Any of {', '.join(rules.ACTIONS)}.")],
    as_json: AsJson = False,
) -> None:
    """Issue an API key; it is printed this once."""
    key, text = services.issue_api_key(email, name=name, scopes=tuple(scope))
    _say_with_secret(_plain(key), "key", text, as_json)


@user_app.command("keys")
def list_keys(as_json: AsJson = False) -> None:
    """Show all API keys, without their secrets."""
    _say([_plain(key) for key in selectors.api_keys()], as_json)


@user_app.command("revoke")
def revoke_key(prefix: str, as_json: AsJson = False) -> None:
    """Close the door that the key opens."""
    services.revoke_api_key(prefix)
    _say([{"revoked": prefix}], as_json)


def _password(from_stdin: bool, generate: bool) -> str:
    if from_stdin and generate:
        raise BadInput("--password-stdin and --generate are two ways", hint="choose one")
    if generate:
        return secrets.token_urlsafe(15)
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInput("no password was given", hint="--password-stdin or --generate")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _say_with_password(member: contracts.Member, password: str, as_json: bool) -> None:
    _say_with_secret(_plain(member), "password", password, as_json)


def _say_with_secret(row: dict[str, Any], name: str, secret: str, as_json: bool) -> None:
    """What is told this once has a line of its own: a narrow terminal would cut its column."""
    if as_json and secret:
        row = {**row, name: secret}
    _say([row], as_json)
    if secret and not as_json:
        typer.echo(f"{name}: {secret}")


def _plain(row: contracts.Member | contracts.ApiKey) -> dict[str, Any]:
    return asdict(row)


def _say(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    table = Table(*(rows[0] if rows else ["nobody yet"]), box=None, header_style="bold")
    for row in rows:
        table.add_row(*(_words(value) for value in row.values()))
    Console().print(table, soft_wrap=True)


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)
