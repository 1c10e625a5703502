"""``joren strategies``: what segments are for, their reviews, and what moved of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from joren.core.errors import BadInput
from joren.decide.segments import selectors as segments
from joren.decide.strategies import selectors, services
from joren.decide.strategies.contracts import DECISIONS, Drift, Finding

strategies_app = typer.Typer(help="What segments are for, and what moved of them.",
                             no_args_is_help=True)  # fmt: skip

BY: Final = "command-line"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="The segment's number, from joren segments list.")]
Day = Annotated[
    datetime | None, typer.Option("--review-on", formats=["%Y-%m-%d"], help="The next review.")
]


@strategies_app.command("list")
def list_strategies(as_json: AsJson = False) -> None:
    """Show the card of every segment, whose review comes first."""
    found = selectors.cards()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False))
        return
    names = {one.id: one.name for one in segments.segments()}
    table = Table("number", "segment", "owner", "next review", "KPI", "purpose", box=None)
    for one in found:
        table.add_row(
            str(one.segment), names[one.segment], one.owner_name or "–",
            str(one.review_on or "–"), one.kpi or "–", one.purpose or "–",
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


@strategies_app.command("show")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show one card and its reviews, newest first."""
    card, reviews = selectors.card(number), selectors.reviews(number)
    if as_json:
        told = {"card": asdict(card), "reviews": [asdict(one) for one in reviews]}
        typer.echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    for label, value in (
        ("owner", card.owner_name), ("purpose", card.purpose), ("hypothesis", card.hypothesis),
        ("KPI", card.kpi), ("next review", card.review_on),
    ):  # fmt: skip
        typer.echo(f"{label}: {value or '–'}")
    for one in reviews:
        typer.echo(f"{one.reviewed_at:%Y-%m-%d} {one.decision} {one.reviewed_by} {one.note}")


@strategies_app.command("write")
def write(
    number: Number,
    owner: Annotated[int | None, typer.Option("--owner", help="A member's number.")] = None,
    purpose: Annotated[str | None, typer.Option("--purpose", help="What it is for.")] = None,
    hypothesis: Annotated[str | None, typer.Option("--hypothesis", help="What we expect.")] = None,
    kpi: Annotated[str | None, typer.Option("--kpi", help="What it is measured by.")] = None,
    review_on: Day = None,
    as_json: AsJson = False,
) -> None:
    """Change what is given of a segment's card."""
    given: dict[str, Any] = {
        "owner": owner, "purpose": purpose, "hypothesis": hypothesis, "kpi": kpi,
        "review_on": _date(review_on),
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise BadInput("nothing to change", hint="joren strategies write --help")
    card = services.write_card(number, by=BY, **changes)
    if as_json:
        typer.echo(json.dumps(asdict(card), default=str, ensure_ascii=False))
    else:
        typer.echo(f"the card of segment {number} is written")


@strategies_app.command("review")
def review(
    number: Number,
    decision: Annotated[str, typer.Option("--decision", help=" or ".join(DECISIONS))],
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    review_on: Day = None,
    as_json: AsJson = False,
) -> None:
    """Decide on a segment's strategy; but for a stop say when it is looked at again."""
    made = services.review(
        number, by=BY, decision=decision,  # type: ignore[arg-type]  # the verb refuses others
        note=note, next_on=_date(review_on),
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(asdict(made), default=str, ensure_ascii=False))
    else:
        typer.echo(f"{made.decision}; next review: {made.next_on or '–'}")


@strategies_app.command("drift")
def drift(as_json: AsJson = False) -> None:
    """Say which segments moved beyond their own past, and in what."""
    found = selectors.drift_report()
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False))
        return
    table = Table("number", "segment", "snapshots", "members", "verdict", "what moved", box=None)
    for one in found:
        table.add_row(
            str(one.segment), one.name, str(len(one.history)), _members(one), one.verdict,
            "; ".join(_said(finding) for finding in one.findings),
        )  # fmt: skip
    Console().print(table, soft_wrap=True)


def _members(one: Drift) -> str:
    return f"{one.history[-1].members:,}" if one.history else "–"


def _said(one: Finding) -> str:
    if one.kind == "size":
        return f"members {one.before:,.0f} → {one.now:,.0f}"
    if one.kind == "unknown":
        return f"{one.of} not known of {one.before:.0%} → {one.now:.0%}"
    return f"{one.of} (PSI {one.psi:.2f})"


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
