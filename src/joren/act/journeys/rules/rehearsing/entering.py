"""Who of those who arrived would have entered, by the rule of re-entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from joren.act.journeys.contracts import Document, Where

Ints = NDArray[np.int64]
SPAN: Final = 2**33
"""Seconds; every moment is below it, so that a place times this and a moment is one number."""

_DAY: Final = 86_400


@dataclass(frozen=True)
class Arrivals:
    """Signals that would have started it: ``customer`` is a number, ``at`` in seconds.

    ``carried`` are properties that conditions ask for, as texts; None where there is none.
    """

    customer: Ints
    at: Ints
    carried: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def of(self, rows: NDArray[Any]) -> Arrivals:
        carried = {name: column[rows] for name, column in self.carried.items()}
        return Arrivals(self.customer[rows], self.at[rows], carried)

    def fitting(self, wheres: Sequence[Where]) -> Arrivals:
        """Those of whose signal the conditions hold."""
        kept = np.ones(self.at.size, dtype=bool)
        for where in wheres:
            kept &= fits(self.carried, where, self.at.size)
        return self.of(kept)


def joined(some: Sequence[Arrivals], carried: Iterable[str]) -> Arrivals:
    """All of them together, with these properties; None where a signal has none."""
    nothing = np.empty(0, dtype=np.int64)
    return Arrivals(
        np.concatenate([nothing, *(one.customer for one in some)]),
        np.concatenate([nothing, *(one.at for one in some)]),
        {
            name: np.concatenate([
                np.empty(0, dtype=object),
                *(one.carried.get(name, np.full(one.at.size, None, dtype=object)) for one in some),
            ])
            for name in carried
        },
    )  # fmt: skip


def fits(carried: Mapping[str, NDArray[Any]], where: Where, size: int) -> NDArray[np.bool_]:
    """Of which rows the condition holds; a property that is not kept holds of none."""
    column = carried.get(where.property)
    if column is None:
        column = np.full(size, None, dtype=object)
    known = np.array([one is not None for one in column], dtype=bool)
    if where.op == "known":
        return known
    if where.op in ("at_least", "at_most"):
        bound = int(where.values[0])
        return np.array([_compared(one, where.op, bound) for one in column], dtype=bool)
    there = known & np.isin(column.astype(str), [str(value) for value in where.values])
    return there if where.op == "is" else ~there


def _compared(one: Any, op: str, bound: int) -> bool:
    try:
        number = int(one)
    except (TypeError, ValueError):
        return False
    return number >= bound if op == "at_least" else number <= bound


def entered(arrivals: Arrivals, document: Document) -> Arrivals:
    """Those who enter, by customer and moment; two signals of one moment are one."""
    if not arrivals.at.size:
        return arrivals
    order = np.lexsort((arrivals.at, arrivals.customer))
    whole = arrivals.of(order)
    if document.reentry == "always":
        return whole
    places = np.unique(whole.customer, return_inverse=True)[1].astype(np.int64)
    keys = places * SPAN + whole.at
    first = np.flatnonzero(np.diff(places, prepend=-1))
    if document.reentry == "never":
        return whole.of(first)
    return whole.of(_rested(keys, places, first, document.reentry_days * _DAY))


def _rested(keys: Ints, places: Ints, first: Ints, seconds: int) -> Ints:
    """The first of each, then of each the next that comes so long after the last: a round for all
    customers at once, and as many rounds as the time has such spans."""
    taken, last = [first], first
    while last.size:
        after = np.searchsorted(keys, keys[last] + seconds, side="left")
        there = after < keys.size
        last, after = last[there], after[there]
        last = after[places[after] == places[last]]
        taken.append(last)
    return np.sort(np.concatenate(taken))
