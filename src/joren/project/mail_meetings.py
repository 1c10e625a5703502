"""Where planned mailings meet in one customer: arithmetic on one bit per mailing and customer.

No table of pairs is ever built: so many customers at a time are unpacked, counted and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

_AT_ONCE: Final = 65_536  # customers; their sums are exact as 32-bit floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bound:
    """The mailings (places) that a cap counts, of which ``most`` may come in ``days`` days."""

    places: tuple[int, ...]
    most: int
    days: int


@dataclass(frozen=True)
class Meetings:
    """How many customers two mailings of a day share, by their places, and how many each has beyond
    the strictest cap."""

    shared: Mapping[tuple[int, int], int]
    over: Mapping[int, int]


def packed(people: Ints, ids: Ints) -> NDArray[np.uint8]:
    """One bit for each of the people (sorted): is it among the ids? Eight to a byte."""
    found = np.zeros(people.size, dtype=np.bool_)
    if people.size:
        places = np.minimum(np.searchsorted(people, ids), people.size - 1)
        found[places[people[places] == ids]] = True
    return np.packbits(found)


def meetings(
    audiences: Sequence[NDArray[np.uint8]], days: Sequence[int], bounds: Sequence[Bound]
) -> Meetings:
    """Of mailings with their packed audiences and the ordinals of their days, in order of days."""
    shared = {pair: 0 for same in _by_day(days) for pair in combinations(same, 2)}
    over = np.zeros((len(bounds), len(audiences)), dtype=np.int64)
    for bits in _chunks(audiences):
        for same in _by_day(days):
            if len(same) > 1:
                theirs = bits[same].astype(np.float32)
                both = theirs @ theirs.T
                for one, other in combinations(range(len(same)), 2):
                    shared[same[one], same[other]] += int(both[one, other])
        for row, bound in zip(over, bounds, strict=True):
            row += _beyond(bits, days, bound)
    strictest = over.max(axis=0, initial=0)
    return Meetings(
        {pair: n for pair, n in shared.items() if n},
        {place: n for place, n in enumerate(strictest.tolist()) if n},
    )


def _by_day(days: Sequence[int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for place, day in enumerate(days):
        found.setdefault(day, []).append(place)
    return [*found.values()]


def _chunks(audiences: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """(mailing, customer) of some customers who get anything."""
    width = _AT_ONCE // 8
    for start in range(0, audiences[0].size if audiences else 0, width):
        some = np.stack([one[start : start + width] for one in audiences])
        bits = np.unpackbits(some, axis=1)
        yield bits[:, bits.any(axis=0)]


def _beyond(bits: NDArray[np.uint8], days: Sequence[int], bound: Bound) -> Ints:
    """Of each mailing how many of these customers have had enough by the end of its day."""
    found = np.zeros(len(days), dtype=np.int64)
    for day in sorted({days[place] for place in bound.places}):
        window = [place for place in bound.places if day - bound.days < days[place] <= day]
        here = [place for place in window if days[place] == day]
        much = bits[window].sum(axis=0, dtype=np.int16) > bound.most
        found[here] = bits[here][:, much].sum(axis=1, dtype=np.int64)
    return found
