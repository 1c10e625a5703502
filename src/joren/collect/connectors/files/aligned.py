"""Text whose columns are set apart by runs of spaces, as statisticians' files are."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

_LOOK = 50
_BLOCK = 1 << 22
_SEPARATORS = ",\t;|"
_EDGES = re.compile(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)")
_RUNS = re.compile(rb"[ \t]+")


def is_aligned(plain: Path) -> bool:
    """No separator in the first lines, and the same number of words, two or more, in each."""
    with plain.open(encoding="utf-8", errors="replace") as file:
        lines = [line for line in islice(file, _LOOK) if line.strip()]
    if len(lines) < 2 or any(mark in line for line in lines for mark in f'{_SEPARATORS}"'):
        return False
    counts = {len(line.split()) for line in lines}
    return len(counts) == 1 and counts.pop() > 1


def with_tabs(plain: Path, target: Path) -> Path:
    """The same lines, each run of spaces as one tab."""
    with plain.open("rb") as source, target.open("wb") as out:
        # Whole lines at a time: an edge of a block is never the edge of a line by chance.
        while lines := source.readlines(_BLOCK):
            out.write(_RUNS.sub(b"\t", _EDGES.sub(b"", b"".join(lines))))
    return target
