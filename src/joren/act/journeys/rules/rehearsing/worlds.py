"""What cannot be known has several ways: a world is one choice at each such node.

Each entry goes its own way, so that its fewest and its most messages are found among the worlds in
which everybody chooses alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

from joren.act.journeys.contracts import Await, Branch, Document, Entered, Node
from joren.act.journeys.rules.rehearsing.history import History

MOST: Final = 64

World = Mapping[str, int]
"""By node the way that those go of whom nobody knows it."""


def worlds(
    document: Document, history: History, carried: frozenset[str]
) -> tuple[list[World], bool]:
    """Every combination; where there are too many, each node's ways with the others' first."""
    open_ways = {
        node.id: ways for node in document.nodes if (ways := _ways(node, history, carried))
    }
    sizes = 1
    for ways in open_ways.values():
        sizes *= len(ways)
    if sizes <= MOST:
        return [
            dict(zip(open_ways, chosen, strict=True)) for chosen in product(*open_ways.values())
        ], True
    firsts = {name: ways[0] for name, ways in open_ways.items()}
    lasts = {name: ways[-1] for name, ways in open_ways.items()}
    found: list[World] = [firsts, lasts]
    for name, ways in open_ways.items():
        found += [{**base, name: way} for way in ways for base in (firsts, lasts)]
    return found[:MOST], False


def _ways(node: Node, history: History, carried: frozenset[str]) -> list[int]:
    """The ways of a node among which nobody can choose; none where it is known."""
    if isinstance(node, Await):
        return [] if all(history.knows(one) for one in node.of) else [0, 1]
    if isinstance(node, Branch):
        found = [
            place
            for place, way in enumerate(node.ways)
            if not isinstance(way.when, Entered) or not kept(way.when, carried)
        ]
        return [*found, len(node.ways)] if found else []
    return []


def kept(when: Entered, carried: frozenset[str]) -> bool:
    """Are the properties that it asks for known of those who entered?"""
    return all(one.property in carried for one in when.where)
