"""Where an order came from: a later version that does not say it takes nothing away.

A shop's webhooks name the advertisement and its export does not, so the newest word on an order may
know less than an earlier one. The rows are told as if they had said what is known.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from joren.collect.orders.rules.grouping import spoken
from joren.collect.orders.rules.keys import key_of

SOURCES: Final = ("source", "medium", "campaign")
"""What is said together: who says one of them says all."""


def silent(how: ir.Table) -> ir.Table:
    """The ways of ordering that say nothing of a source."""
    return how.filter(*(how[name].isnull() for name in SOURCES))


def known_of(rows: ir.Table, how: ir.Table, known: ir.Table) -> ir.Table:
    """(store_id, order_number, how, source, medium, campaign, known_how): what earlier versions say
    (``known``: orders with a source) of the rows that say nothing. ``known_how`` is the number of
    the way that says so, made of both: two of 10⁷ agree by chance once in a million shops."""
    said = {f"_{name}": known[name] for name in SOURCES}
    known = known.select("order_id", **said)
    quiet = rows.inner_join(silent(how).select("how", "store_id"), "how")
    quiet = quiet.select("store_id", "order_number", "how").distinct()
    quiet = quiet.mutate(_id=key_of(quiet.store_id, quiet.order_number))
    both = quiet.inner_join(known, quiet._id == known.order_id)
    number = key_of(both.how, *(both[name] for name in said))
    return both.select(
        "store_id", "order_number", "how",
        **{name: both[f"_{name}"] for name in SOURCES},
        known_how=number.cast("uint64"),
    )  # fmt: skip


def filled(rows: ir.Table, how: ir.Table, known: ir.Table) -> tuple[ir.Table, ir.Table]:
    """The rows and ways of ordering with what is ``known_of`` them; ``how`` is ``spoken``."""
    stores = how.select("how", "store_id")
    told = rows.left_join(stores, "how").drop("how_right")
    own = known.select("store_id", "order_number", "how", "known_how")
    told = told.left_join(own, ["store_id", "order_number", "how"])
    rows = told.mutate(how=ibis.coalesce(told.known_how, told.how)).select(*rows.columns)
    ways = known.select("how", "known_how", *SOURCES).distinct()
    more = how.drop(*SOURCES).inner_join(ways, "how")
    more = spoken(more.mutate(how=more.known_how)).select(*how.columns)
    return rows, how.union(more)
