"""``joren reviews pdf`` and ``joren reviews mail``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

Number = Annotated[int, typer.Argument(help="The review's number, from joren reviews list.")]
Language = Annotated[str, typer.Option("--language", help="ja or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def pdf(
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="Where to write.")] = Path("review.pdf"),
    language: Language = "ja",
    as_json: AsJson = False,
) -> None:
    """Write a review as PDF."""
    from joren.project.pages.views import printing  # late: it draws, and loads for long

    drawn = printing.review_pdf(number, language=language)
    out.write_bytes(drawn)
    told = json.dumps({"file": str(out), "bytes": len(drawn)})
    typer.echo(told if as_json else f"{out}: {len(drawn):,} bytes")


def mail(
    number: Number,
    member: Annotated[
        list[int] | None, typer.Option("--member", help="To whom; else whom it names.")
    ] = None,
    language: Language = "ja",
    as_json: AsJson = False,
) -> None:
    """Mail a review as PDF to the decider and whoever has an action, or to members."""
    from joren.project.pages.views import printing  # late: it draws, and loads for long

    to = printing.mail_review(number, by="command-line", members=member or (), language=language)
    typer.echo(json.dumps({"to": to}) if as_json else f"mailed to {', '.join(to)}")
