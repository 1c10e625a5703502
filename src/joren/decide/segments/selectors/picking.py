"""What a text of a rule can be: the values that the facts have, the most frequent first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any as Anything
from typing import Final

import ibis
import ibis.expr.types as ir

from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import ORDER_LINES, PRODUCTS
from joren.decide.segments.contracts import IDENTITIES, PURCHASED, RuleMeaningless
from joren.decide.segments.rules import (
    FIELDS,
    OF_EVENTS,
    OF_LINES,
    OF_PURCHASES,
    Field,
    Sources,
)
from joren.decide.segments.selectors.sources import sources_of
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.warehouse import Warehouse

MOST: Final = 50
_LONGEST: Final = 300
_KNOWN: Final = 5_000
_OF: Final[Mapping[str, Mapping[str, Field]]] = {
    "customer": FIELDS, "purchase": OF_PURCHASES, "line": OF_LINES, "event": OF_EVENTS,
}  # fmt: skip
_TABLES: Final[Mapping[str, Callable[[Sources], ir.Table]]] = {
    "people": lambda found: found.people,
    "values": lambda found: found.values,
    "shifts": lambda found: found.shifts,
    "purchases": lambda found: found.purchases,
    "lines": lambda found: found.lines,
    "events": lambda found: found.events,
}


@dataclass(frozen=True)
class Pickable:
    """A value, what the catalogue calls it ("" where it is no product), and how many rows have it.

    Of products they are customers or lines, as the field is of.
    """

    value: str
    name: str
    rows: int


def pickable(of: str, field: str, wanted: str = "", *, limit: int = MOST) -> list[Pickable]:
    """The values of a text that hold ``wanted`` (of products in their name too).

    ``of`` is customer, purchase, line or event, as ``/api/segments/language`` names fields.
    """
    texts = {name: one for name, one in _OF.get(of, FIELDS).items()
             if one.type == "text" and one.table in _TABLES}  # fmt: skip
    if of not in _OF or field not in texts:
        raise RuleMeaningless(
            f"there is no list of values of {field!r} ({of})", hint=f"known: {', '.join(texts)}"
        )
    house, snapshot = warehouse(), values.snapshot()
    text = wanted.strip().lower()[:_LONGEST]

    def asked(text: str = "", limit: int = _KNOWN) -> tuple[Pickable, ...]:
        rows = house.engine.rows(
            _counted(house, sources_of(house, snapshot), texts[field], text, limit)
        )
        return tuple(Pickable(row["value"], row["name"] or "", int(row["n"])) for row in rows)

    # The rows are read once for all that is typed, and not at each letter.
    files = tuple(house.lake.files(one) for one in (EVENTS, ORDER_LINES, PRODUCTS))
    specs = (PURCHASED, IDENTITIES, CUSTOMER_VALUES)
    known = house.snapshots.once(snapshot.id, specs, ("pickable", of, field, files), asked)
    found = [one for one in known if text in one.value.lower() or text in one.name.lower()]
    if len(found) < limit and len(known) == _KNOWN:  # there are seldom ones beside
        return list(asked(text, limit))
    return found[:limit]


def _counted(house: Warehouse, sources: Sources, field: Field, text: str, limit: int) -> ir.Table:
    table = _TABLES[field.table](sources)
    every = table.select(value=table[field.column].strip())
    every = every.filter(every.value.notnull() & (every.value != ""))
    found = every.group_by("value").agg(n=every.count())
    found = _named(house, found, field)
    if text:
        found = found.filter(_has(found.value, text) | _has(found.name, text))
    return found.order_by([ibis.desc("n"), "value"]).limit(limit)


def _named(house: Warehouse, found: ir.Table, field: Field) -> ir.Table:
    """With what the catalogue calls them, of products."""
    if field.use != "sku" or not house.lake.files(PRODUCTS):
        return found.mutate(name=ibis.literal(""))
    named = facts.products(house).select(_sku="sku", name="name")
    return found.left_join(named, found.value == named._sku).drop("_sku")


def _has(column: Anything, text: str) -> ir.BooleanValue:
    return column.lower().contains(text).fill_null(False)
