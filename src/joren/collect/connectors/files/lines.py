"""In which line of the text a row stands. Asked for few rows, after the file was read."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

LINE = "_line"
"""The column of a staged table that says it, where whoever read the file knew."""

_BLOCK = 1 << 22
_LINE_FEED = ord("\n")
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Plain:
    """The text, the lines its header takes, and the lines that begin rows which are none."""

    path: Path
    header: int
    broken: frozenset[int] = frozenset()


def at_bytes(path: Path, positions: Sequence[int]) -> list[int]:
    """The line, from 1, that each position is in; a line feed there belongs to the line before."""
    found: list[int] = []
    rest = sorted(positions)
    if not rest:
        return found
    line, done = 1, 0
    with path.open("rb") as file:
        while rest and (block := file.read(_BLOCK)):
            last = 0
            while rest and rest[0] < done + len(block):
                here = rest.pop(0) - done
                line += block.count(b"\n", last, here)
                blank = len(block[here : here + 64]) - len(block[here : here + 64].lstrip(b"\r\n"))
                found.append(line + block.count(b"\n", here, here + blank))
                last = here
            line += block.count(b"\n", last)
            done += len(block)
    return found


def lines_of(plain: Plain, rows: Places, total: int) -> Places:
    """The line of each row; ``rows`` ascend from 1, ``total`` counts all rows of the text."""
    if _line_feeds(plain.path) == plain.header + total + len(plain.broken):
        return _counted(plain, rows)
    return _walked(plain, rows)


def copy_rows(plain: Plain, rows: Places, total: int, target: Path) -> bool:
    """Write the lines of these rows alone; not where a row may be more than one line, or where
    what ends a line depends on which lines there are.

    ``rows`` ascend from 1, ``total`` counts all rows of the text.
    """
    if plain.broken:
        return False
    wanted, first = rows + (plain.header - 1), 0
    with plain.path.open("rb") as file, target.open("wb") as out:
        returns = file.readline().endswith(b"\r\n")
        file.seek(0)
        while block := file.read(_BLOCK):
            if not block.endswith(b"\n"):
                block += file.readline()
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_FEED) + 1
            paired = block.count(b"\r\n") if returns else 0
            if block.count(b"\r") != paired or (returns and paired != ends.size):
                return False
            if not block.endswith(b"\n"):
                ends = np.append(ends, len(block))
            begin, end = np.searchsorted(wanted, [first, first + ends.size])
            here = wanted[begin:end] - first
            starts = np.concatenate([[0], ends[:-1]])[here].tolist()
            out.writelines(map(block.__getitem__, map(slice, starts, ends[here].tolist())))
            first += ends.size
    return first == plain.header + total


def _line_feeds(path: Path) -> int:
    """Lines of the text, whether or not the last one has an end."""
    count, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            count += block.count(b"\n")
            tail = block[-1:]
    return count + (tail not in (b"\n", b""))


def _counted(plain: Plain, rows: Places) -> Places:
    """Every row is one line."""
    starts = np.array(sorted(plain.broken), dtype=np.int64)
    before = starts - np.arange(starts.size) - plain.header  # rows up to the broken one, and one
    return rows + plain.header + np.searchsorted(before, rows, side="right")


def _walked(plain: Plain, rows: Places) -> Places:
    """Line by line: quoted cells may hold line feeds, and blank lines are no rows."""
    found = np.zeros(rows.size, dtype=np.int64)
    wanted, row, line = 0, 0, 0
    with plain.path.open(encoding="utf-8", newline="") as file:
        for text in file:
            line += 1
            began = line
            if text.count('"') % 2:
                reader = csv.reader(chain([text], file))
                next(reader)
                line += reader.line_num - 1
            if began <= plain.header or began in plain.broken or not text.strip("\r\n"):
                continue
            row += 1
            if row == rows[wanted]:
                found[wanted] = began
                wanted += 1
                if wanted == rows.size:
                    break
    return found
