"""``joren customers list``: the list of the page. Whose names it shows is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joren.collect.customers import selectors as people
from joren.collect.quality.contracts import enough_for
from joren.collect.quality.selectors import verdicts_in
from joren.core.errors import BadInput
from joren.core.figures import Figure, in_a_line
from joren.core.money import UNKNOWN_CURRENCY, decimals
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.cli.printing import AsJson, print_json, print_wide
from joren.project.pages import codes, searches
from joren.project.selection import CHOICES, RANGES, Wanted
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

BY: Final = "command-line"
_FIFTHS: Final = "1 to 5; may be repeated; - is not known."
_BOUNDS: Final = tuple(f"{name}_{end}" for name in RANGES for end in ("from", "to"))


def list_customers(
    words: Annotated[str, typer.Argument(help="Only whom these words find.")] = "",
    stage: Annotated[list[str] | None, typer.Option(help="new, f2, active, lapsed …")] = None,
    decile: Annotated[list[str] | None, typer.Option(help="1 to 10.")] = None,
    rfm_r: Annotated[list[str] | None, typer.Option(help=_FIFTHS)] = None,
    rfm_f: Annotated[list[str] | None, typer.Option(help=_FIFTHS)] = None,
    rfm_m: Annotated[list[str] | None, typer.Option(help=_FIFTHS)] = None,
    cpm: Annotated[list[str] | None, typer.Option(help="A group of CPM.")] = None,
    store: Annotated[list[str] | None, typer.Option(help="A store's number.")] = None,
    where: Annotated[
        str, typer.Option(help="Other conditions, as the page's address has them: vip=yes&…")
    ] = "",
    sort: Annotated[
        str, typer.Option(help="By what; with - before it the greatest first.")
    ] = "-revenue_past",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    after: Annotated[str, typer.Option(help="Go on behind that: `next` of the answer.")] = "",
    as_json: AsJson = False,
) -> None:
    """List customers as the page does, by what they are worth or in another order."""
    snapshot = values.snapshot()
    named = {
        "stage": stage, "decile": decile, "rfm_r": rfm_r, "rfm_f": rfm_f, "rfm_m": rfm_m,
        "cpm": cpm, "store": store,
    }  # fmt: skip
    wanted = _wanted(snapshot, {name: one for name, one in named.items() if one}, where)
    if words.strip():
        ids = tuple(searches.found(words.strip()))
        wanted = Wanted(wanted.choices, wanted.ranges, wanted.since, ids)
    listed = selection.members(snapshot, wanted, sort=sort, after=after, limit=limit)
    rows = _named(selection.with_bounds(snapshot, listed.items))
    if seen := [row["customer_id"] for row in rows]:
        audit.record("customers.listed", actor=BY, subject_kind="customers", customers=seen)
    verdicts = verdicts_in(warehouse(), snapshot, "rfm", "predictions", "profit")
    if as_json:
        print_json({"items": rows, "next": listed.next, "verdicts": verdicts})
        return
    console = Console()
    if rows:
        print_wide(_table(rows, _currency(snapshot)))
    else:
        console.print("nobody")
    if why := dict.fromkeys(row["interval_why"] for row in rows if row["interval_why"]):
        console.print(f"Without an interval: {'; '.join(why)}", soft_wrap=True)
    console.print(f"{enough_for(verdicts)}; figures of {snapshot.as_of}", soft_wrap=True)
    if listed.next:
        console.print(f"more: the same with --after {listed.next}", soft_wrap=True)


def _wanted(snapshot: Snapshot, named: Mapping[str, Sequence[str]], where: str) -> Wanted:
    """Bounds of money are in the currency's major unit, as they are typed on the page."""
    said = parse_qs(where.removeprefix("?"), keep_blank_values=True)
    known = {*CHOICES, *_BOUNDS, "since"}
    if unknown := sorted(set(said) - known):
        raise BadInput(f"no condition {unknown[0]!r}", hint=f"known: {', '.join(sorted(known))}")
    unit = int(10 ** decimals(_currency(snapshot)))
    return selection.read({**said, **named}, unit=unit)


def _currency(snapshot: Snapshot) -> str:
    return str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY)


def _named(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    who = people.customers_among([row["customer_id"] for row in rows])
    return [
        {**row, "name": one.name if one else "", "email": one.email if one else ""}
        for row in rows
        for one in [who.get(row["customer_id"])]
    ]


def _table(rows: Iterable[Mapping[str, Any]], currency: str) -> Table:
    table = Table(
        "number", "name", "stage", "purchases", "last", "revenue", "predicted revenue",
        "predicted profit", "RFM", "decile", "CPM", "e-mail", box=None, header_style="bold",
    )  # fmt: skip
    for row in rows:
        money = [
            in_a_line(Figure(name, row[name], currency, low=row.get(f"{name}_low"),
                             high=row.get(f"{name}_high"), why="not yet known"))
            for name in ("revenue_past", "revenue_365d", "profit_365d")
        ]  # fmt: skip
        table.add_row(
            str(row["customer_id"]), escape(row["name"]),
            f"{row['stage']} VIP" if row["vip"] else row["stage"],
            str(row["orders"]), str(row["last_on"]), *money, codes.fifths(row) or "",
            str(row["decile"] or ""), row["cpm"], escape(row["email"]),
        )  # fmt: skip
    return table
