"""Where each node leads, what it listens for, and how the lot falls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from joren.act.journeys.contracts import (
    Await,
    Branch,
    Event,
    Exit,
    Moves,
    Node,
    Split,
)

PRIME: Final = 2_147_483_647
"""2³¹ - 1: squares of what is below it fit into 64 bits, in every database."""

LOTS: Final = 10_000
OWN: Final = ("segment:", "clock:")
"""What names of signals begin with that no event brings."""


def targets(node: Node) -> tuple[str, ...]:
    """Where it leads, by the number of the way."""
    if isinstance(node, Exit):
        return ("end",)
    if isinstance(node, Await):
        return (node.then, node.otherwise)
    if isinstance(node, Branch):
        return (*(way.then for way in node.ways), node.otherwise)
    if isinstance(node, Split):
        return tuple(arm.then for arm in node.arms)
    return (node.then,)


def names_of(occasions: Iterable[object]) -> set[str]:
    """The names of the signals that may be one of them."""
    found = set()
    for one in occasions:
        if isinstance(one, Event):
            found.add(one.event)
        elif isinstance(one, Moves):
            found.add(move_name(one.segment, entered=one.move == "enters"))
    return found


def move_name(segment: int, *, entered: bool) -> str:
    """The name of the signal that somebody moved."""
    return f"segment:{segment}:{'enters' if entered else 'leaves'}"


def clock_name(version: int, trigger: int) -> str:
    """The name of the signal that a trigger of a version has come by the clock."""
    return f"clock:{version}:{trigger}"


def salt(journey: int, node: str) -> int:
    """A number below PRIME that is of this node alone."""
    text = f"{journey}/{node}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big") % PRIME


def lot_of(customer: int, salted: int) -> int:
    """Between 0 and LOTS - 1: squares mixed by a prime, which each database reckons alike."""
    x = (customer + salted) % PRIME
    for _ in range(3):
        x = (x * x + salted) % PRIME
    return x % LOTS


def lot_sql(column: str, salted: int) -> str:
    """``lot_of`` in SQL of a statement with values, in which a percent sign stands twice."""
    x = f"(({column} + {salted}) %% {PRIME})"
    # A subquery for each round: written out, the term would double three times.
    for _ in range(3):
        x = f"(SELECT (q.x * q.x + {salted}) %% {PRIME} FROM (SELECT {x} AS x) AS q)"
    return f"({x} %% {LOTS})"


def thresholds(node: Split) -> tuple[int, ...]:
    """For each arm the lot below which it ends."""
    total, found = 0, []
    for arm in node.arms:
        total += arm.share
        found.append(total * LOTS // 100)
    return tuple(found)
