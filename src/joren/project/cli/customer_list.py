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
from joren.plumbing.cursor import Slice
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
        str,
        typer.Option(
            help="By what; with - before it the greatest first. Otherwise -revenue_past, or with "
            "words alone those first whom they fit best."
        ),
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    after: Annotated[str, typer.Option(help="Go on behind that: `next` of the answer.")] = "",
    as_json: AsJson = False,
) -> None:
    """List customers as the page does, by what they are worth or in another order."""
    named = {
        "stage": stage, "decile": decile, "rfm_r": rfm_r, "rfm_f": rfm_f, "rfm_m": rfm_m,
        "cpm": cpm, "store": store,
    }  # fmt: skip
    given = {name: one for name, one in named.items() if one}
    by_words = bool(words.strip()) and not given and not where
    snapshot = warehouse().snapshots.latest() if by_words else values.snapshot()
    listed = _listed(snapshot, words.strip(), given, where, sort=sort, after=after, limit=limit)
    rows = _named(selection.with_bounds(snapshot, listed.items) if snapshot else listed.items)
    if seen := [row["customer_id"] for row in rows]:
        audit.record("customers.listed", actor=BY, subject_kind="customers", customers=seen)
    uses = ("rfm", "predictions", "profit")
    verdicts = verdicts_in(warehouse(), snapshot, *uses) if snapshot else ()
    if as_json:
        print_json({"items": rows, "next": listed.next, "verdicts": verdicts})
        return
    console = Console()
    if rows:
        print_wide(_table(rows, _currency(snapshot) if snapshot else UNKNOWN_CURRENCY))
    else:
        console.print("nobody")
    if why := dict.fromkeys(row["interval_why"] for row in rows if row.get("interval_why")):
        console.print(f"Without an interval: {'; '.join(why)}", soft_wrap=True)
    if snapshot:
        console.print(f"{enough_for(verdicts)}; figures of {snapshot.as_of}", soft_wrap=True)
    if listed.next:
        console.print(f"more: the same with --after {listed.next}", soft_wrap=True)


def _listed(
    snapshot: Snapshot | None,
    words: str,
    given: Mapping[str, Sequence[str]],
    where: str,
    *,
    sort: str,
    after: str,
    limit: int,
) -> Slice[dict[str, Any]]:
    """By words alone also those without figures, of whom no condition could be true."""
    found = searches.found(words) if words else None
    wanted = _wanted(snapshot, given, where) if snapshot else Wanted()
    if found is not None and not wanted.any:
        return selection.by_words(snapshot, found, sort=sort, after=after, limit=limit)
    ids = None if found is None else tuple(found)
    wanted = Wanted(wanted.choices, wanted.ranges, wanted.since, ids)
    by = sort or "-revenue_past"
    return selection.members(values.snapshot(), wanted, sort=by, after=after, limit=limit)


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
        stage = row["stage"] or row.get("why_none", "").replace("_", " ")
        table.add_row(
            str(row["customer_id"]), escape(row["name"]), f"{stage} VIP" if row["vip"] else stage,
            str(row["orders"] or ""), str(row["last_on"] or ""), *money, codes.fifths(row) or "",
            str(row["decile"] or ""), row["cpm"] or "", escape(row["email"]),
        )  # fmt: skip
    return table
