"""What a filter finds: a slice of it, what it adds up to, or all of its rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final, TypeVar

import ibis
import ibis.expr.types as ir

from joren.collect.quality.contracts import Verdict
from joren.collect.quality.selectors import verdicts_in
from joren.core.errors import BadInput
from joren.plumbing.cursor import Slice, decode, encode
from joren.plumbing.warehouse import warehouse
from joren.project.selection.wanted import NOT_KNOWN, Range, Wanted, as_query
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import CUSTOMER_VALUES, YearAhead
from joren.understand.ltv.services import years_ahead
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Snapshot

T = TypeVar("T")

_RANKS: Final = ("stage", "rfm_r", "rfm_f", "rfm_m", "decile", "cpm", "vip")
_VALUES: Final = (
    "first_on",
    "last_on",
    "orders",
    "revenue_past",
    "profit_past",
    "revenue_365d",
    "profit_365d",
    "p_alive",
    "first_store_id",
    "first_source",
    "first_category",
    "subscriber",
)
COLUMNS: Final = ("customer_id", *_VALUES, *_RANKS)
"""What is told of each customer who was chosen."""

BOUNDS: Final = tuple(one.name for one in fields(YearAhead))
"""What ``with_bounds`` tells of each beside them."""

SORTS: Final = (
    "revenue_past",
    "profit_past",
    "revenue_365d",
    "profit_365d",
    "orders",
    "first_on",
    "last_on",
    "p_alive",
    "customer_id",
)
"""A list can be ordered by these; with ``-`` before it, the greatest first."""

_COLUMN_OF: Final[Mapping[str, str]] = {
    "store": "first_store_id",
    "source": "first_source",
    "category": "first_category",
    "revenue": "revenue_past",
    "profit": "profit_past",
    "predicted": "revenue_365d",
    "first": "first_on",
    "last": "last_on",
}


@dataclass(frozen=True)
class Totals:
    """What the chosen customers add up to; money in minor units. None: not known of anybody."""

    customers: int
    orders: int
    revenue_past: int
    revenue_365d: float | None
    profit_365d: float | None
    verdicts: tuple[Verdict, ...] = ()  # what the facts are enough for


def chosen(snapshot: Snapshot, wanted: Wanted) -> ir.Table:
    """The rows of COLUMNS that the filter lets through, unordered."""
    worth, ranks = _tables(snapshot)
    if wanted.ids is not None:
        worth = worth.filter(worth.customer_id.isin(wanted.ids or [-1]))
    for name, one in wanted.ranges.items():
        worth = worth.filter(_within(worth[_COLUMN_OF.get(name, name)], one))
    for name, asked in wanted.choices.items():
        if name in _RANKS:
            ranks = ranks.filter(_among(ranks[name], asked))
        elif not name.startswith("was_"):
            column = worth[_COLUMN_OF.get(name, name)]
            if name == "source":  # spellings of one source are one, as in the economics
                column = column.strip().lower().nullif("")
                asked = tuple(value.strip().lower() for value in asked)
            worth = worth.filter(_among(column, asked))
    return _moved(_together(worth, ranks), wanted)


def of_these(snapshot: Snapshot, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The rows of COLUMNS of these customers by their number; who has none yet is not in it."""
    questions = warehouse().questions

    def theirs() -> ir.Table:
        worth, ranks = (
            table.semi_join(questions.given("customer_id"), "customer_id")
            for table in _tables(snapshot)
        )
        return _together(worth, ranks)

    rows = questions.rows(("of_these", snapshot.id), theirs, customer_id=ids)
    return {row["customer_id"]: row for row in rows}


def with_bounds(
    snapshot: Snapshot, rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """The rows with BOUNDS of the year ahead; without them who has no figures yet."""
    found = years_ahead([row["customer_id"] for row in rows], snapshot)
    return tuple(
        {**row, **asdict(found[number])} if (number := row["customer_id"]) in found else {**row}
        for row in rows
    )


def _tables(snapshot: Snapshot) -> tuple[ir.Table, ir.Table]:
    snapshots = warehouse().snapshots
    return (
        snapshots.table(snapshot.id, CUSTOMER_VALUES),
        snapshots.table(snapshot.id, CUSTOMER_RANKS),
    )


def _together(worth: ir.Table, ranks: ir.Table) -> ir.Table:
    rows = worth.select("customer_id", *_VALUES).inner_join(
        ranks.select("customer_id", *_RANKS), "customer_id"
    )
    return rows.select(*COLUMNS)


def of_customers(snapshot: Snapshot, ids: ir.Table) -> ir.Table:
    """The rows of COLUMNS of these customers; of somebody who never bought, only the number."""
    house = warehouse()
    worth = house.snapshots.table(snapshot.id, CUSTOMER_VALUES).select("customer_id", *_VALUES)
    ranks = house.snapshots.table(snapshot.id, CUSTOMER_RANKS).select("customer_id", *_RANKS)
    rows = ids.select("customer_id").left_join(worth, "customer_id").drop("customer_id_right")
    return rows.left_join(ranks, "customer_id").select(*COLUMNS)


def totals(snapshot: Snapshot, wanted: Wanted) -> Totals:
    """What they add up to."""
    return _once(snapshot, wanted, ("totals",), lambda: _totals(snapshot, wanted))


def _totals(snapshot: Snapshot, wanted: Wanted) -> Totals:
    rows = chosen(snapshot, wanted)
    (found,) = warehouse().engine.rows(
        rows.agg(
            customers=rows.count(),
            orders=rows.orders.sum().fill_null(0).cast("int64"),
            revenue_past=rows.revenue_past.sum().fill_null(0).cast("int64"),
            revenue_365d=rows.revenue_365d.sum(),
            profit_365d=rows.profit_365d.sum(),
        )
    )
    enough = verdicts_in(warehouse(), snapshot, "rfm", "predictions", "profit")
    return Totals(**found, verdicts=enough)


def members(
    snapshot: Snapshot, wanted: Wanted, *, sort: str = "-revenue_past", after: str = "", limit: int
) -> Slice[dict[str, Any]]:
    """Some of them in that order, and the cursor of the next ones."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise BadInput(f"a list cannot be ordered by {name!r}", hint=f"known: {', '.join(SORTS)}")
    what = ("members", sort, after, limit)
    return _once(snapshot, wanted, what, lambda: _members(snapshot, wanted, sort, after, limit))


def _members(
    snapshot: Snapshot, wanted: Wanted, sort: str, after: str, limit: int
) -> Slice[dict[str, Any]]:
    name, falls = sort.removeprefix("-"), sort.startswith("-")
    rows = chosen(snapshot, wanted)
    if after:
        place, last = decode(after, size=2)
        rows = rows.filter(_after(rows, name, place, last, falls=falls))
    way: Callable[[ir.Value], ir.Value] = ibis.desc if falls else ibis.asc
    # The number breaks ties; where it is what one orders by, naming it twice would be refused.
    ties = [] if name == "customer_id" else [rows.customer_id]
    ordered = rows.order_by([rows[name].isnull(), way(rows[name]), *ties])
    found = warehouse().engine.rows(ordered.limit(limit + 1))
    more, found = len(found) > limit, found[:limit]
    return Slice(tuple(found), _cursor(found[-1], name) if more else "")


def _once(
    snapshot: Snapshot, wanted: Wanted, what: tuple[Hashable, ...], make: Callable[[], T]
) -> T:
    """Asked again of the same figures, the answer is the same; of long ones none is kept."""
    house = warehouse()
    if wanted.ids is not None:
        return make()
    before = () if wanted.since is None else house.lake.files(CUSTOMER_RANKS, snapshot=wanted.since)
    key = (*what, as_query(wanted), before)
    return house.snapshots.once(snapshot.id, (CUSTOMER_VALUES, CUSTOMER_RANKS), key, make)


def _cursor(row: Mapping[str, Any], name: str) -> str:
    place = row[name]
    return encode(place.isoformat() if isinstance(place, date) else place, row["customer_id"])


def _after(rows: ir.Table, name: str, place: Any, last: Any, *, falls: bool) -> ir.BooleanValue:
    """Those that come after that place; whoever has no value comes last."""
    column = rows[name]
    if not isinstance(last, int):
        raise BadInput(f"no customer {last!r} is in this list", hint="take the cursor from `next`")
    later = rows.customer_id > last
    if place is None:
        return column.isnull() & later
    here = ibis.literal(place).cast(column.type())
    beyond = column < here if falls else column > here
    return beyond | ((column == here) & later) | column.isnull()


def _among(column: ir.Column, asked: tuple[str, ...]) -> ir.BooleanValue:
    named = [value for value in asked if value != NOT_KNOWN]
    if column.type().is_boolean():
        found = column.isin([value == "yes" for value in named])
    elif column.type().is_integer():
        found = column.isin([int(value) for value in named])
    else:
        found = column.isin(named)
    found = found.fill_null(False) if named else ibis.literal(False)
    return found | column.isnull() if NOT_KNOWN in asked else found


def _within(column: ir.Column, one: Range) -> ir.BooleanValue:
    found: ir.BooleanValue = column.notnull()
    if one.low is not None:
        found &= column >= one.low
    if one.high is not None:
        found &= column <= one.high
    return found


def _moved(rows: ir.Table, wanted: Wanted) -> ir.Table:
    """Only those who stood elsewhere in the earlier snapshot; ``-`` is who was not in it."""
    asked = {
        name.removeprefix("was_"): values
        for name, values in wanted.choices.items()
        if name.startswith("was_")
    }
    if not asked or wanted.since is None:
        return rows
    before = warehouse().snapshots.table(values.snapshot(wanted.since).id, CUSTOMER_RANKS)
    old = before.select("customer_id", **{f"was_{name}": before[name] for name in asked})
    both = rows.left_join(old, "customer_id")
    for name, choice in asked.items():
        both = both.filter(_among(both[f"was_{name}"], choice))
    return both.select(*COLUMNS)
