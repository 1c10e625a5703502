"""``joren messages take-returned``: what mail servers write to the return path."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from mailbox import mbox
from pathlib import Path
from typing import Annotated, Final

import typer
from django.db import InterfaceError, OperationalError

from joren.act.messages import selectors, services
from joren.core.errors import Unavailable

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_TRY_LATER: Final = 75
"""By it a mail server knows that it must try again (EX_TEMPFAIL)."""


def take_returned(
    files: Annotated[list[str], typer.Argument(help="Mails or mailboxes (mbox), or - for a pipe.")],
    as_json: AsJson = False,
) -> None:
    """Take in notices that came back: from a mail server's pipe (-), or from files."""
    took = []
    try:
        for raw in _mails(files):
            took.append(services.take_returned(raw))
    except (OperationalError, InterfaceError, Unavailable) as problem:
        typer.echo(f"try again later: {type(problem).__name__}", err=True)
        raise typer.Exit(_TRY_LATER) from None
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in took], ensure_ascii=False))
        return
    for one in took:
        said = " ".join(part for part in (one.took, one.kind, one.reason) if part)
        typer.echo(said if one.send is None else f"{said}: message {one.send}")


def returned(
    after: Annotated[str, typer.Option("--after", help="The cursor of the slice before.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Show the notices that nobody recognised."""
    part = selectors.returned(after=after, limit=limit)
    if as_json:
        told = {"items": [asdict(one) for one in part.items], "next": part.next}
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    for one in part.items:
        whose = "" if one.customer is None else f", customer {one.customer}"
        typer.echo(f"{one.id}: {one.at:%Y-%m-%d} {one.sender}: {one.subject}{whose}")
    if part.next:
        typer.echo(f"more: --after {part.next}")


def settle_returned(
    number: Annotated[int, typer.Argument(help="From joren messages returned.")],
    as_json: AsJson = False,
) -> None:
    """Say that somebody looked at it: what it says goes."""
    services.settle_returned(number, by="command-line")
    typer.echo(json.dumps({"settled": number}) if as_json else f"{number} is settled")


def _mails(files: list[str]) -> Iterator[bytes]:
    for name in files:
        if name == "-":
            yield sys.stdin.buffer.read()
            continue
        file = Path(name)
        if not file.is_file():
            raise typer.BadParameter(f"there is no file {name}")
        with file.open("rb") as opened:
            several = opened.read(5) == b"From "
        if not several:
            yield file.read_bytes()
            continue
        with closing(mbox(file, create=False)) as box:
            for key in box.keys():  # noqa: SIM118 (to go through it gives mails, not keys)
                yield box.get_bytes(key)
