"""Who is the same person: components of links between keys, but for those whom a person parted.

A row that names a person gives up to five keys, each a function of that row alone: the store's
customer number, its user id, a LINE id, the e-mail, and the phone with the name that answers it.
Keys that stand on one row belong to one person. So whoever is one person does not depend on the
order in which rows arrive: components of a graph do not depend on the order of its edges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NOBODY = -1


def groups(count: int, left: Ints, right: Ints) -> Ints:
    """The group of each of ``count`` keys, when ``left[i]`` and ``right[i]`` are one person."""
    from scipy.sparse import coo_array  # late: it loads for long
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(left.size, dtype=np.int8), (left, right)), shape=(count, count))
    return connected_components(links, directed=False)[1].astype(np.int64)


def groups_apart(left: Ints, right: Ints, owner: Ints, apart: Collection[tuple[int, int]]) -> Ints:
    """``groups``, in none of which two owners lie whom somebody keeps apart.

    ``owner`` is the customer of each key, ``NOBODY`` for a new one. Keys of one owner are linked
    already. A group that holds a forbidden pair is built again, link by link in the order of the
    links; a link that would bring the two together is left out. Such groups are few: each needs a
    decision made by hand.
    """
    found = groups(owner.size, left, right)
    if not apart:
        return found
    forbidden: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        forbidden[one].add(other)
        forbidden[other].add(one)
    parted = np.isin(owner, np.fromiter(forbidden, dtype=np.int64, count=len(forbidden)))
    contested = np.isin(found, found[parted])
    kept = _kept_links(left, right, owner, forbidden, contested)
    return groups(owner.size, left[kept], right[kept])


def parts_of(sightings: Ints, keys: Ints, person: Ints, owner: Ints) -> Ints:
    """As who each key came, where later rows join people who had been others before.

    ``keys`` are those of persons in whom that happened, row by row in the order of the rows. A key
    comes as the oldest of those who stand on its row by then, or as somebody new. All other keys
    came as the person whose they are.
    """
    part, next_part = person.copy(), int(person.max()) + 1
    part[keys] = NOBODY
    root: dict[int, int] = {}
    age: dict[int, tuple[int, int]] = {}
    known: dict[int, int] = {}

    def find(one: int) -> int:
        while root[one] != one:
            one = root[one]
        return one

    rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for sighting, key in zip(sightings.tolist(), keys.tolist(), strict=True):
        rows[sighting, int(person[key])].append(key)
        whose = int(owner[key])
        if whose != NOBODY:
            if whose not in known:
                known[whose], root[next_part], age[next_part] = next_part, next_part, (0, whose)
                next_part += 1
            part[key] = known[whose]
    for (sighting, _), row in rows.items():
        there = {find(int(part[key])) for key in row if part[key] != NOBODY}
        if not there:
            there, root[next_part], age[next_part] = {next_part}, next_part, (1, sighting)
            next_part += 1
        oldest = min(there, key=age.__getitem__)
        root |= dict.fromkeys(there, oldest)
        for key in row:
            if part[key] == NOBODY:
                part[key] = oldest
    return part


def _kept_links(
    left: Ints,
    right: Ints,
    owner: Ints,
    forbidden: dict[int, set[int]],
    contested: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which links stay: all, but for those that would join a forbidden pair."""
    kept = np.ones(left.size, dtype=bool)
    root: dict[int, int] = {}
    people: dict[int, set[int]] = {}

    def find(key: int) -> int:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for place in np.flatnonzero(contested[left]).tolist():
        one, other = find(int(left[place])), find(int(right[place]))
        if one == other:
            continue
        ours, theirs = (
            people.setdefault(key, {int(owner[key])} - {NOBODY}) for key in (one, other)
        )
        if any(forbidden.get(person, set()) & theirs for person in ours):
            kept[place] = False
            continue
        root[other] = one
        people[one] = ours | theirs
    return kept
