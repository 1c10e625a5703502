"""``joren export labels``: names for envelopes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, cast, get_args

import typer

from joren.core.errors import BadInput
from joren.decide.exports import selectors, services
from joren.decide.exports.contracts import Encoding

BY: Final = "command-line"


def export_labels(
    number: Annotated[int, typer.Argument(help="The segment's number, from joren segments list.")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file.")],
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8 or cp932.")] = "utf-8",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write names for envelopes: members of a segment who may be written to by post."""
    if encoding not in get_args(Encoding):
        raise BadInput(f"no encoding {encoding!r}", hint=", ".join(get_args(Encoding)))
    chosen = cast(Encoding, encoding)
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
    for one in report.unwritable:
        typer.echo(f"customer {one.customer_id}: {encoding} has no {one.characters}")
