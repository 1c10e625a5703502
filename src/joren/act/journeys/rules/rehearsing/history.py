"""What customers did in the time, so that a rehearsal can look up what came first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from joren.act.journeys.contracts import Event, Moves, Occasion
from joren.act.journeys.rules.rehearsing.entering import SPAN, Arrivals, Ints, fits
from joren.act.journeys.rules.walking import move_name

NEVER: Final = SPAN - 1


@dataclass(frozen=True)
class Happened:
    """All that has one name, by customer: of whom, when, and what it carried."""

    customer: Ints
    at: Ints
    carried: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def among(self, first: int, last: int) -> Happened:
        """Of the customers from one number to another."""
        here = between(self.customer, first, last)
        carried = {name: column[here] for name, column in self.carried.items()}
        return Happened(self.customer[here], self.at[here], carried)


@dataclass(frozen=True)
class History:
    """By the name of the signal; a name that is not there is not known."""

    by_name: Mapping[str, Happened] = field(default_factory=dict)

    def among(self, first: int, last: int) -> History:
        """What customers from one number to another did."""
        return History({name: one.among(first, last) for name, one in self.by_name.items()})

    def knows(self, occasion: Occasion) -> bool:
        return signal(occasion) in self.by_name

    def first_after(self, occasion: Occasion, entries: Arrivals, rows: Ints, after: Ints) -> Ints:
        """Of these entries the moment of the first such thing after ``after``, or NEVER."""
        found = np.full(rows.size, NEVER, dtype=np.int64)
        happened = self.by_name.get(signal(occasion))
        if happened is None or not happened.at.size:
            return found
        names = occasion.same if isinstance(occasion, Event) else ()
        fitting = np.ones(happened.at.size, dtype=bool)
        if isinstance(occasion, Event):
            for where in occasion.where:
                fitting &= fits(happened.carried, where, happened.at.size)
        theirs, ours = _groups(happened, entries, rows, names)
        fitting &= theirs >= 0
        keys = np.sort(theirs[fitting] * SPAN + happened.at[fitting])
        mine = ours >= 0
        wanted = ours[mine] * SPAN + after[mine]
        place = np.searchsorted(keys, wanted, side="right")
        there = place < keys.size
        hit = np.full(wanted.size, NEVER, dtype=np.int64)
        next_one = keys[place[there]]
        same = next_one // SPAN == ours[mine][there]
        hit[there] = np.where(same, next_one % SPAN, NEVER)
        found[mine] = hit
        return found


def between(customers: Ints, first: int, last: int) -> slice:
    """Where those from one number to another stand in a column that is sorted."""
    begin, end = np.searchsorted(customers, [first, last + 1])
    return slice(int(begin), int(end))


def signal(occasion: Occasion) -> str:
    """The name under which it is known."""
    if isinstance(occasion, Moves):
        return move_name(occasion.segment, entered=occasion.move == "enters")
    return occasion.event


def _groups(
    happened: Happened, entries: Arrivals, rows: Ints, names: Sequence[str]
) -> tuple[Ints, Ints]:
    """A number for each (customer, properties) on both sides; -1 where one is lacking."""
    if not names:
        people = np.unique(entries.customer[rows])
        return _placed(happened.customer, people), _placed(entries.customer[rows], people)
    theirs = _labels(happened.customer, [happened.carried.get(name) for name in names])
    mine = _labels(
        entries.customer[rows],
        [None if (one := entries.carried.get(name)) is None else one[rows] for name in names],
    )
    wanted = np.unique(mine[mine != ""])
    return _placed(theirs, wanted), _placed(mine, wanted)


def _labels(customers: Ints, columns: Sequence[NDArray[Any] | None]) -> NDArray[np.str_]:
    said = [[None] * customers.size if column is None else column.tolist() for column in columns]
    return np.array(
        [
            "" if any(value is None for value in values) else "\x1f".join(map(str, (who, *values)))
            for who, *values in zip(customers.tolist(), *said, strict=True)
        ],
        dtype=str,
    )


def _placed(some: NDArray[Any], among: NDArray[Any]) -> Ints:
    if not among.size:
        return np.full(some.size, -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(among, some), among.size - 1)
    return np.where(among[place] == some, place, -1).astype(np.int64)
