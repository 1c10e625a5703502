"""Whom words find, with their figures: who has none yet is there, too, and it is said why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from joren.collect.customers import selectors as people
from joren.collect.orders import selectors as facts
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.plumbing.cursor import Slice, part_of
from joren.plumbing.warehouse import warehouse
from joren.project.selection.answers import COLUMNS, SORTS, of_these
from joren.warehouse import Snapshot

NO_ORDER: Final = "no_order_yet"
NOT_RECKONED: Final = "not_yet_known"
"""They ordered, but no refresh has reckoned with it, or nothing of it counts as a purchase."""


def by_words(
    snapshot: Snapshot | None, found: Sequence[int], *, sort: str = "", after: str = "", limit: int
) -> Slice[dict[str, Any]]:
    """Some of these few in the order in which they were found or in another, and the cursor of the
    next ones; ``why_none`` says why one has no figures, "" where they have some."""
    name = sort.removeprefix("-")
    if sort and name not in SORTS:
        raise BadInput(f"a list cannot be ordered by {name!r}", hint=f"known: {', '.join(SORTS)}")
    known: Mapping[int, dict[str, Any]] = {}
    if snapshot is not None and sort:
        known = of_these(snapshot, found)
        found = _ordered(known, found, name, falls=sort.startswith("-"))
    here = part_of(found, after=after, limit=limit, number=int)
    if snapshot is not None and not sort:
        known = of_these(snapshot, here.items)
    why = _why_none([one for one in here.items if one not in known])
    rows = (
        {**known[one], "why_none": ""}
        if one in known
        else {**dict.fromkeys(COLUMNS), "customer_id": one, "why_none": why[one]}
        for one in here.items
    )
    return Slice(tuple(rows), here.next)


def _why_none(customers: Sequence[int]) -> dict[int, str]:
    """Why these have no figures."""
    if not customers:
        return {}
    owners = people.identities_with_owners([CustomerId(one) for one in customers])
    ordered = facts.identities_that_ordered(warehouse(), list(owners)) if owners else []
    bought = {int(owners[one]) for one in ordered}
    return {one: NOT_RECKONED if one in bought else NO_ORDER for one in customers}


def _ordered(
    known: Mapping[int, Mapping[str, Any]], found: Sequence[int], name: str, *, falls: bool
) -> list[int]:
    """By that figure, equal ones by number; whoever has none comes last."""

    def place(customer: int) -> tuple[bool, float, int]:
        value = customer if name == "customer_id" else known.get(customer, {}).get(name)
        number = value.toordinal() if isinstance(value, date) else float(value or 0)
        return value is None, -number if falls else number, customer

    return sorted(found, key=place)
