"""Which row of a sheet names the columns: there may be titles above it, and cells that are merged.

A heading is a text that is no number and no date. The header is the first row in which most columns
of the sheet have one, or the row of headings right under it where that row says more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LOOK = 100
"""Rows of a sheet in which the header is looked for."""

_VALUE = re.compile(r"(?=.*[0-9])[-+0-9.,:/ TZ¥￥()]+")

Place = tuple[int, int]
Merged = Sequence[tuple[Place, Place]]
Cells = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Heading:
    """The names of the columns, and how many rows of the sheet go before the first row of data."""

    names: tuple[str, ...]
    rows: int


def is_value(text: str) -> bool:
    """Is the text a number, an amount or a date, so that it names no column?"""
    return _VALUE.fullmatch(text) is not None


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each its own: one that came before has its number behind it, as in 送料 (2).

    Capitals do not tell names apart, for the engine does not either.
    """
    own: dict[str, str] = {}
    for name in names:
        told, number = name, 1
        while told.casefold() in own:
            number += 1
            told = f"{name} ({number})"
        own[told.casefold()] = told
    return tuple(own.values())


def comes_again(name: str, header: Sequence[str]) -> bool:
    """Whether another column of the header has that name too."""
    return f"{name} (2)".casefold() in map(str.casefold, header)


def find(cells: Cells, merged: Merged) -> Heading:
    """The header among the first rows; columns that no row names have numbers."""
    over = _covering(merged, len(cells))
    widest = max(map(_filled, cells))
    own = (n for n in range(len(cells)) if 2 * _headings(_down(cells, over, n)) > widest)
    first = next(own, None)
    if first is None:
        return Heading(tuple(f"column {n + 1}" for n in range(len(cells[0]))), 0)
    last = first
    while (below := _next(cells, last)) is not None and _says_more(cells, over, last, below):
        last = below
    return Heading(_names(cells, over, first, last), last + 1)


def _covering(merged: Merged, rows: int) -> Mapping[Place, tuple[Place, Place]]:
    """The merged range that each cell of the first rows is in."""
    return {
        (row, column): (start, end)
        for start, end in merged
        for row in range(start[0], min(end[0], rows - 1) + 1)
        for column in range(start[1], end[1] + 1)
    }


def _filled(row: Sequence[str]) -> int:
    return sum(cell != "" for cell in row)


def _headings(row: Sequence[str]) -> int:
    return sum(cell != "" and not is_value(cell) for cell in row)


def _down(cells: Cells, over: Mapping[Place, tuple[Place, Place]], row: int) -> list[str]:
    """The row with what cells merged downward say in it."""
    found = list(cells[row])
    for column, cell in enumerate(found):
        (top, left), _ = over.get((row, column), ((row, column), (row, column)))
        if not cell and top < row and left == column:
            found[column] = cells[top][left]
    return found


def _next(cells: Cells, row: int) -> int | None:
    return next((n for n in range(row + 1, len(cells)) if _filled(cells[n])), None)


def _says_more(
    cells: Cells, over: Mapping[Place, tuple[Place, Place]], row: int, below: int
) -> bool:
    """Is the row below the header proper: all headings, under groups or under a title?"""
    if _headings(cells[below]) < _filled(cells[below]):
        return False
    if _filled(_down(cells, over, below)) > _filled(cells[row]):
        return True
    held = (over.get((row, column)) for column in range(len(cells[row])))
    return any(one and one[1][0] >= below for one in held)


def _names(
    cells: Cells, over: Mapping[Place, tuple[Place, Place]], first: int, last: int
) -> tuple[str, ...]:
    """Each column's own name; where two have the same, with their groups' before it."""
    own = _down(cells, over, last)
    names = []
    for column, name in enumerate(own):
        group = ""
        for row in range(first, last):
            start, _ = over.get((row, column), ((row, column), None))
            group = cells[start[0]][start[1]] or group
        if name and own.count(name) > 1 and group not in ("", name):
            name = f"{group} {name}"
        names.append(name or group or f"column {column + 1}")
    return tuple(names)
