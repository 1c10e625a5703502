"""Messages that would have been too many, and those that another journey's would have been near."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from joren.act.journeys.rules.rehearsing.entering import SPAN, Ints
from joren.act.messages.contracts import THANKS, TRANSACTIONAL, Cap

_DAY = 86_400
Bools = NDArray[np.bool_]


def bound_by(cap: Cap, channel: str, kind: str) -> bool:
    """Does a message of that channel and kind count in the cap, and is bound by it?"""
    if kind == TRANSACTIONAL or cap.channel not in ("", channel):
        return False
    return cap.kind == kind or (cap.kind == "" and (cap.channel != "" or kind != THANKS))


def over_cap(ours: tuple[Ints, Ints], others: tuple[Ints, Ints], cap: Cap) -> Bools:
    """Which of our messages (customer, moment) meet the cap: so many of ours before them and of
    the others' were let through in the days before. All are ones that the cap counts."""
    customers, at = ours
    people = np.unique(customers)
    before = _keys(people, customers, at)
    order = np.argsort(before, kind="stable")
    keys, theirs = before[order], np.sort(_keys(people, *others))
    since = np.maximum(keys - cap.days * _DAY, keys // SPAN * SPAN)
    counted = np.arange(keys.size) - np.searchsorted(keys, since, side="left")
    counted = counted + np.searchsorted(theirs, keys, side="right")
    counted = counted - np.searchsorted(theirs, since, side="left")
    found = np.empty(keys.size, dtype=bool)
    found[order] = counted >= cap.most
    return found


def near(ours: tuple[Ints, Ints], others: tuple[Ints, Ints], days: int) -> Bools:
    """Which of our messages (customer, moment) have one of the others' so near."""
    people = np.unique(ours[0])
    theirs = np.sort(_keys(people, *others))
    keys = _keys(people, *ours)
    low = np.maximum(keys - days * _DAY, keys // SPAN * SPAN)
    found: Bools = np.searchsorted(theirs, keys + days * _DAY, side="right") > np.searchsorted(
        theirs, low, side="left"
    )
    return found


def _keys(people: Ints, customers: NDArray[Any], at: Ints) -> Ints:
    """(place of the customer, moment) as one number; of nobody else."""
    if not people.size:
        return np.empty(0, dtype=np.int64)
    place = np.minimum(np.searchsorted(people, customers), people.size - 1)
    there = people[place] == customers
    found: Ints = place[there] * SPAN + at[there]
    return found
