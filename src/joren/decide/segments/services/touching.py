"""Which customers were touched since somebody last looked, and what rules are asked of for them.

What was read is remembered by the names of the tables' files, which are written once: rows of files
that came, but for those that stood in a file that went, are new, and the other way round they are
gone. So an import that is taken back touches people too, and files that are joined touch nobody.
People themselves (who they are, what they consent to, which identity is whose) are compared with
the newest snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import TRAITS
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import ORDERS, REFUNDS
from joren.core.tables import TableSpec
from joren.decide.segments.contracts import IDENTITIES
from joren.decide.segments.rules import Sources, purchased
from joren.decide.segments.selectors.sources import sources_of, with_members
from joren.understand.ltv.services import Facts, purchases_of
from joren.warehouse import Holding, Snapshot, Warehouse

READ: Final = "read"
"""The document of a refresh that says what it read."""

PEOPLE: Final = "people"
FRESH_DAYS: Final = 7
_KEYS: Final[tuple[tuple[TableSpec, tuple[str, ...]], ...]] = (
    (EVENTS, ("event_id",)),
    (ORDERS, ("order_id", "import_id")),
    (REFUNDS, ("refund_id", "import_id")),
)
Read = Mapping[str, Sequence[Any]]
"""Names of files by table, and under PEOPLE who differed from the snapshot."""


@dataclass(frozen=True)
class Touched:
    """``customers`` (customer_id) of whom something is new, and what is known of people now.

    ``differing`` are those whom the newest snapshot knows otherwise: should they become again what
    they were then, only the next look's memory of them tells that something has happened.
    """

    customers: ir.Table
    count: int
    differing: list[int]
    whose: ir.Table  # identity_id, customer_id
    traits: ir.Table  # TRAITS


def files_now(house: Warehouse) -> dict[str, list[str]]:
    """What a look reads from here on."""
    return {spec.name: [Path(one).name for one in house.lake.files(spec)] for spec, _ in _KEYS}


def touched_since(read: Read, house: Warehouse, holding: Holding, snapshot: Snapshot) -> Touched:
    """Everybody of whom facts or the database say something that was not so at ``read``."""
    zone = business().time_zone
    whose = holding.take(people.person_of(house))
    traits = _everybody(holding.take(people.traits(house, zone)), whose)
    before = house.snapshots.table
    others = _differing(whose, before(snapshot.id, IDENTITIES)).select("customer_id")
    changed = _differing(traits, before(snapshot.id, TRAITS)).select("customer_id")
    differing = house.embedded.arrow(others.union(changed).distinct())
    earlier = pa.table({"customer_id": pa.array(read.get(PEOPLE, []), pa.int64())})
    parts = [holding.take(differing), holding.take(earlier)]
    for spec, keys in _KEYS:
        rows = holding.hold(_differing_rows(house, spec, keys, read.get(spec.name, [])))
        if spec is REFUNDS:
            orders = facts.orders(house).select("order_id", "identity_id")
            of_orders = orders.semi_join(rows, "order_id").select("identity_id")
            parts.append(_owners(of_orders, whose))
        parts.append(_owners(rows, whose))
    every = parts[0]
    for part in parts[1:]:
        every = every.union(part)
    found = holding.hold(every.filter(every.customer_id.notnull()).distinct())
    (counted,) = house.embedded.rows(found.agg(n=found.count()))
    return Touched(found, int(counted["n"]), differing["customer_id"].to_pylist(), whose, traits)


def sources_for(
    touched: Touched, house: Warehouse, holding: Holding, snapshot: Snapshot, today: date
) -> Sources:
    """What rules are asked of for these customers alone: all of it as it is now.

    Values and ranks alone are the snapshot's: they are concluded from everybody's orders, and move
    with the next refresh.
    """
    day = day_of(house, snapshot, today)
    them = touched.customers
    whose = holding.hold(touched.whose.semi_join(them, "customer_id"))
    orders = holding.hold(facts.orders(house).semi_join(whose, "identity_id"))
    lines = holding.hold(facts.order_lines(house).semi_join(orders, "order_id"))
    bought = purchases_of(
        Facts(orders, lines, facts.refunds(house), facts.products(house), whose,
              facts.rates(house)),
        holding=holding, as_of=day, currency=str(snapshot.settings.get("currency") or "JPY"),
    )  # fmt: skip
    bought = holding.hold(purchased(bought, orders))
    base = sources_of(house, snapshot)
    return with_members(
        house,
        replace(
            base,
            people=holding.hold(touched.traits.semi_join(them, "customer_id")),
            values=base.values.semi_join(them, "customer_id"),
            contracts=base.contracts.semi_join(them, "customer_id"),
            ranks=base.ranks.semi_join(them, "customer_id"),
            shifts=base.shifts.semi_join(them, "customer_id"),
            more={name: one.semi_join(them, "customer_id") for name, one in base.more.items()},
            purchases=bought,
            lines=lines,
            events=holding.hold(house.facts(EVENTS).inner_join(whose, "identity_id")),
            as_of=day,
        ),
    )


def day_of(house: Warehouse, snapshot: Snapshot, today: date) -> date:
    """The day from which windows are counted: today, unless nothing has come for a week.

    An old log would otherwise look like a shop whose customers have all left; see ``refresh``.
    """
    newest = [snapshot.as_of]
    for spec, column in ((EVENTS, "occurred_on"), (ORDERS, "ordered_on")):
        table = house.facts(spec)
        (row,) = house.embedded.rows(table.agg(day=table[column].max()))
        newest += [row["day"]] if row["day"] else []
    last = max(newest)
    return max(snapshot.as_of, today if today - last <= timedelta(FRESH_DAYS) else last)


def _everybody(traits: ir.Table, whose: ir.Table) -> ir.Table:
    """TRAITS of those who have an identity too, and of whom nothing else is known."""
    bare = whose.select("customer_id").distinct().anti_join(traits, "customer_id")
    nothing = {name: ibis.null(kind) for name, kind in TRAITS.columns.items()}
    return traits.union(bare.select(**nothing | {"customer_id": bare.customer_id}))


def _differing(one: ir.Table, other: ir.Table) -> ir.Table:
    """Rows that only one of the two has; null is like null, and no yes like no: a snapshot of
    before a column was kept says neither."""
    other = other.select(*one.columns)
    one, other = (
        table.mutate(
            **{
                name: table[name].fill_null(False)
                for name, kind in table.schema().items()
                if kind.is_boolean()
            }
        )
        for table in (one, other)
    )
    return one.difference(other).union(other.difference(one))


def _differing_rows(
    house: Warehouse, spec: TableSpec, keys: Sequence[str], read: Sequence[str]
) -> ir.Table:
    """The keys and identities of rows that came since, and of those that went."""
    here = house.lake.files(spec)
    names = {Path(one).name for one in here}
    came = [one for one in here if Path(one).name not in {*read}]
    folder = house.lake.folder(spec)
    gone = [folder / one for one in read if one not in names and (folder / one).exists()]
    more = ["order_id"] if spec is REFUNDS else []
    columns = [*keys, "identity_id", *more]
    new = house.embedded.files(came, spec).select(columns)
    old = house.embedded.files(gone, spec).select(columns)
    return new.anti_join(old, keys).union(old.anti_join(new, keys))


def _owners(rows: ir.Table, whose: ir.Table) -> ir.Table:
    return rows.select("identity_id").inner_join(whose, "identity_id").select("customer_id")
