"""``joren export segment``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from joren.decide.exports.commands import encoding_of


def export_segment(
    number: Annotated[int, typer.Argument(help="The segment's number, from joren segments list.")],
    out: Annotated[Path, typer.Option("--out", help="The CSV file.")],
    encoding: Annotated[str, typer.Option("--encoding", help="utf-8 or cp932.")] = "utf-8",
    names: Annotated[
        bool, typer.Option("--names/--no-names", help="With names and contacts, or numbers alone.")
    ] = True,
    language: Annotated[str, typer.Option("--language", help="Of the heads: ja or en.")] = "ja",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write everybody in a segment with their figures. It is written down."""
    from joren.project.pages.segment_files import take_segment  # late: pages load for long

    parts = take_segment(
        number, encoding=encoding_of(encoding), personal=names, by="command-line",
        language=language,
    )  # fmt: skip
    count = 0
    with out.open("wb") as file:
        for part, people in parts:
            file.write(part)
            count += people
    told = {"out": str(out), "customers": count, "encoding": encoding, "names": names}
    typer.echo(json.dumps(told) if as_json else f"{count:,} customers are in {out}")
