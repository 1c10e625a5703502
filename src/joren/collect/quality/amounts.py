"""Amounts of orders in classes of half an octave, so that two reports can be taken from each other.

Class k holds what is from 2^(k/2) to below 2^((k+1)/2) minor units: ¥1,000 is in the class that
goes from ¥725 to ¥1,024.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import floor, log2
from typing import Any, Final

STEPS: Final = 2
"""Classes to an octave."""
FINE: Final = 16
"""Classes to an octave as they are counted: 4 % wide."""
OUTLIER_TIMES: Final = 10
OUTLIER_QUANTILE: Final = 0.99
LEAST_EXPECTED: Final = 5
"""Below so many expected, Pearson's chi-square is not one (Cochran 1954): classes are joined."""


def median(classes: Mapping[int, int]) -> float | None:
    """The middle amount in minor units, to two digits: within its class it is taken as even by
    logarithm, and no more is known."""
    left = sum(classes.values()) / 2
    for size in sorted(classes):
        if classes[size] and classes[size] >= left:
            return float(f"{2 ** ((size + left / classes[size]) / STEPS):.1e}")
        left -= classes[size]
    return None


def joined(before: Mapping[int, int], came: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """The counts of both by class, of classes that hold enough in the smaller of the two."""
    share = min(sum(before.values()), sum(came.values())) / max(
        sum(before.values()) + sum(came.values()), 1
    )
    old, new = [0], [0]
    for size in sorted({*before, *came}):
        if _enough(old[-1] + new[-1], share):
            old.append(0)
            new.append(0)
        old[-1] += before.get(size, 0)
        new[-1] += came.get(size, 0)
    if len(old) > 1 and not _enough(old[-1] + new[-1], share):
        old[-2:], new[-2:] = [sum(old[-2:])], [sum(new[-2:])]
    return old, new


def by_currency(amounts: Mapping[str, int]) -> dict[str, dict[int, int]]:
    """From ``JPY:19`` to classes by currency, as reports keep them."""
    found: dict[str, dict[int, int]] = {}
    for name, orders in amounts.items():
        currency, _, size = name.rpartition(":")
        found.setdefault(currency, {})[int(size)] = orders
    return found


def kept(rows: Sequence[Mapping[str, Any]], store: int) -> dict[str, int]:
    """The rows of one store as a report keeps them."""
    found: Counter[str] = Counter()
    for row in rows:
        if row["store_id"] == store:
            found[f"{row['currency'] or ''}:{row['size'] * STEPS // FINE}"] += row["n"]
    return dict(sorted(found.items()))


def outliers(
    rows: Iterable[Mapping[str, Any]], size: str = "size", by: str = "store_id"
) -> Counter[Any]:
    """How many lie beyond ten times the 99th percentile of their currency, by store: amounts in
    ``FINE`` classes, in the column ``size``."""
    classes: dict[Any, Counter[int]] = {}
    rows = [row for row in rows if row[size] is not None]
    for row in rows:
        classes.setdefault(row["currency"], Counter())[row[size]] += row["n"]
    most = {
        currency: _quantile(found) + floor(FINE * log2(OUTLIER_TIMES))
        for currency, found in classes.items()
    }
    beyond: Counter[Any] = Counter()
    for row in rows:
        if row[size] >= most[row["currency"]]:
            beyond[row.get(by)] += row["n"]
    return beyond


def _quantile(classes: Mapping[int, int]) -> int:
    left = OUTLIER_QUANTILE * sum(classes.values())
    for size in sorted(classes):
        left -= classes[size]
        if left <= 0:
            return size
    return max(classes)


def _enough(together: int, share: float) -> bool:
    return together * share >= LEAST_EXPECTED
