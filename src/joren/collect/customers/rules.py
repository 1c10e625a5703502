"""Who is the same person: pure rules over keys and links.

A row that names a person gives up to three keys: the store's customer number, the e-mail, the
phone. Keys that stand on one row belong to one person. A phone is shared in families, so it links
only people of the same name, or a row without a name while one name alone answers that phone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


def searchable(text: str) -> str:
    """What a search compares: NFKC, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def phone_tail(phone: str) -> str:
    """Digits of a phone, last first: an index on it finds 下4桁."""
    return "".join(char for char in phone if char.isdigit())[::-1]


def phone_keys(
    phones: Sequence[str], names: Sequence[str], holders: Mapping[str, str]
) -> tuple[list[str | None], dict[str, str]]:
    """The key of each (phone, name), and the holder of each phone after these rows.

    ``holders`` is what is known: phone → the one name that answers it, "" for none yet, with a
    trailing ``*`` once a second name has been seen.
    """
    held = dict(holders)
    for phone, name in sorted({(p, searchable(n)) for p, n in zip(phones, names, strict=True)}):
        holder = held.setdefault(phone, "")
        if name and not holder:
            held[phone] = name
        elif name and name != holder.rstrip("*"):
            held[phone] = holder.rstrip("*") + "*"
    keys: list[str | None] = []
    for phone, raw in zip(phones, names, strict=True):
        name, holder = searchable(raw), held[phone]
        if name == holder.rstrip("*"):
            keys.append(f"p:{phone}")
        elif not name:
            keys.append(None if holder.endswith("*") else f"p:{phone}")
        else:
            keys.append(f"p:{phone}|{name}")
    return keys, held


def groups(count: int, left: Ints, right: Ints) -> Ints:
    """The group of each of ``count`` keys, when ``left[i]`` and ``right[i]`` are one person."""
    links = coo_array((np.ones(left.size, dtype=np.int8), (left, right)), shape=(count, count))
    return connected_components(links, directed=False)[1].astype(np.int64)


def winners(
    group: Ints, owner: Ints, apart: frozenset[tuple[int, int]]
) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """For each group with known owners (−1 is unknown): who stays, and the (winner, loser) pairs.

    A merge that somebody undid (``apart``) is not made again.
    """
    known = owner >= 0
    pairs = np.unique(np.stack([group[known], owner[known]]), axis=1).T.tolist()
    stays: dict[int, int] = {}
    merges: list[tuple[int, int]] = []
    for number, customer in pairs:  # sorted, so the oldest customer of a group comes first
        winner = stays.setdefault(number, customer)
        if winner != customer and (winner, customer) not in apart:
            merges.append((winner, customer))
    return stays, merges
