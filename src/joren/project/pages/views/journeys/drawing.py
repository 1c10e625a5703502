"""A journey as a diagram: a box for each node, below what leads to it, and lines between them.

The first way of a node goes straight down, each further one into a column of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext

from joren.act.journeys import selectors
from joren.act.journeys.contracts import END, Document
from joren.project.pages.views.journeys import words

WIDE, HIGH, COLUMN, ROW, EDGE = 184, 54, 236, 118, 20
_LETTERS: Final = 25
"""Narrow letters that a line of a box takes; a wide one is two."""

_CALLED: Final = 14
"""The same of what a way is called."""


@dataclass(frozen=True)
class Box:
    """A node, or the end of a way; ``x`` and ``y`` are its upper left corner."""

    name: str
    title: str
    said: str
    whole: str
    x: int
    y: int
    end: bool = False
    people: int = 0

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2

    @property
    def first_line(self) -> int:
        return self.y + 23

    @property
    def second_line(self) -> int:
        return self.y + 42


@dataclass(frozen=True)
class Line:
    """A way: its path, what it is called, and where another node can be put into it."""

    path: str
    after: str
    told: str
    said: str
    x: int
    y: int
    left: bool = False
    back: bool = False


@dataclass(frozen=True)
class Diagram:
    width: int
    height: int
    boxes: Sequence[Box] = ()
    lines: Sequence[Line] = ()


@dataclass
class _Places:
    """Where each stands while it is laid out: (row, column)."""

    at: dict[str, tuple[int, int]] = field(default_factory=dict)
    columns: int = 1


def diagram(
    document: Document, known: words.Names, *, people: Mapping[str, int] | None = None
) -> Diagram:
    """Of a draft that is not whole too: what nothing leads to stands beside it."""
    nodes = {one.id: one for one in document.nodes}
    ways = {name: selectors.targets(one) for name, one in nodes.items()}
    rows, places = _rows(document, ways), _Places()
    for root in (document.start, *nodes):
        if root in nodes and root not in places.at:
            column = 0 if not places.at else places.columns
            places.columns = max(places.columns, column + 1)
            _placed(root, column, ways, rows, places)
    boxes = {
        name: _box(name, *places.at[name], words.kind(one), words.node(one, known),
                   (people or {}).get(name, 0))
        for name, one in nodes.items()
    }  # fmt: skip
    lines = []
    for name, one in nodes.items():
        if one.do == "exit":
            continue
        called = words.ways(one, known)
        for way, to in enumerate(ways[name]):
            key = to if to in nodes else _end(name, way)
            if key not in boxes:
                boxes[key] = _box(key, *places.at[key], gettext("End"), "", 0)
            lines.append(_line(boxes[name], boxes[key], way, called[way]))
    deepest = max((row for row, _ in places.at.values()), default=0)
    return Diagram(
        places.columns * COLUMN + EDGE, deepest * ROW + HIGH + 2 * EDGE, [*boxes.values()], lines
    )


def _rows(document: Document, ways: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How deep each stands: below all that lead to it, but for ways that lead back."""
    found: dict[str, int] = {}
    waiting = [(root, 0, frozenset[str]()) for root in reversed([document.start, *ways])]
    looked = 0
    while waiting and (looked := looked + 1) < 20_000:
        name, row, above = waiting.pop()
        if name not in ways or name in above or found.get(name, -1) >= row:
            continue
        if row == 0 and name in found:
            continue
        found[name] = row
        waiting += [(to, row + 1, above | {name}) for to in reversed(ways[name])]
    return found


def _placed(
    name: str, column: int, ways: Mapping[str, Sequence[str]], rows: Mapping[str, int],
    places: _Places,
) -> None:  # fmt: skip
    """Give it and all that follow a column, the first way of each the same."""
    waiting = [(name, rows.get(name, 0), column)]
    while waiting:
        here, row, at = waiting.pop()
        if here in places.at:
            continue
        if at < 0:
            at, places.columns = places.columns, places.columns + 1
        places.at[here] = (row, at)
        following = []
        for way, to in enumerate(ways.get(here, ())):
            key = to if to in ways else _end(here, way)
            down = rows.get(to, row + 1) if to in ways else row + 1
            following.append((key, down, at if way == 0 else -1))
        waiting += reversed(following)


def _end(name: str, way: int) -> str:
    return f"{END}:{name}:{way}"


def _box(name: str, row: int, column: int, title: str, said: str, people: int) -> Box:
    end = name.startswith(f"{END}:")
    return Box(
        name, _short(title), _short(said), f"{title} {said}".strip(),
        EDGE + column * COLUMN, EDGE + row * ROW, end, people,
    )  # fmt: skip


def _line(one: Box, to: Box, way: int, told: str) -> Line:
    """Straight down where it leads down; else across between two rows; back along the right."""
    begin, after = one.y + HIGH, f"{one.name}:{way}"
    called, said = _short(told, _CALLED), f"{one.name} → {told}" if told else one.name
    x = one.middle + min(way * 44, WIDE // 2 - 6)
    if to.y <= one.y:
        side = max(one.x, to.x) + WIDE + 14
        path = f"M{x} {begin}V{begin + 40}H{side}V{to.y + HIGH // 2}H{to.x + WIDE}"
        return Line(path, after, called, said, x, begin + 20, way == 0, back=True)
    if to.middle == one.middle:
        path = f"M{x} {begin}V{to.y}"
        return Line(path, after, called, said, x, begin + 26, way == 0)
    if way == 0:
        path = f"M{x} {begin}V{to.y - 12}H{to.middle}V{to.y}"
        return Line(path, after, called, said, x, begin + 22, way == 0)
    across, side = begin + 8 + 8 * min(way, 4), 1 if to.middle > x else -1
    path = f"M{x} {begin}V{across}H{to.middle}V{to.y}"
    return Line(path, after, called, said, x + side * 70, across, left=False)


def _short(text: str, room: int = _LETTERS) -> str:
    """As much of it as there is room for."""
    for place, letter in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(letter) in "WFA" else 1
        if room < 0:
            return f"{text[: max(0, place - 1)]}…"
    return text
