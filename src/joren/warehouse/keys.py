"""A set of 64-bit keys on the disk that only grows, and that stays cheap to ask.

Keys lie in sorted runs, one written by each addition. A run is merged with the one before it as
long as that is not twice as long, so that there are few, and each key is written anew only about
log2(n) times; runs of ``LARGEST`` keys are left alone. To ask for many keys is one binary search of
each in each run, in files that the system maps: nothing is held in memory, nothing is read whole.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]

LARGEST: Final = 2**24
"""Keys of a run that is not merged any more: 128 MB, which bounds the memory of a merge."""


class KeySet:
    """The keys under one folder; additions are numbered, and each is made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def exists(self) -> bool:
        """Was anything ever added?"""
        return bool(self._runs())

    def last(self) -> int:
        """The number of the newest addition; 0 before the first."""
        runs = self._runs()
        return _ends(runs[-1])[1] if runs else 0

    def missing(self, keys: Keys) -> NDArray[np.bool_]:
        """Which of the keys are not in the set."""
        order = np.argsort(keys, kind="stable")
        asked = keys[order]
        there = np.zeros(asked.size, dtype=bool)
        for path in self._runs():
            run = _read(path)
            if run.size:
                place = np.searchsorted(run, asked)
                there |= run[np.minimum(place, run.size - 1)] == asked
        found = np.empty(asked.size, dtype=bool)
        found[order] = ~there
        return found

    def add(self, keys: Keys, *, number: int) -> None:
        """Add keys that are not in the set; the same number, or an older one, changes nothing."""
        if number <= self.last():
            return
        first, merged = number, [np.sort(keys)]
        gone: list[Path] = []
        for path in reversed(self._runs()):
            run, size = _read(path), sum(part.size for part in merged)
            if run.size > 2 * size or run.size + size > LARGEST:
                break
            first = _ends(path)[0]
            gone.append(path)
            merged.append(run)
        self.folder.mkdir(parents=True, exist_ok=True)
        # Whoever dies here leaves runs that another contains: both say the same.
        self._write(np.sort(np.concatenate(merged)), first, number)
        for path in gone:
            path.unlink()

    def _write(self, keys: Keys, first: int, last: int) -> None:
        path = self.folder / f"{first:016}-{last:016}.keys"
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            keys.astype("<i8").tofile(file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def _runs(self) -> list[Path]:
        """Runs in order, without those that a longer one contains."""
        found: list[Path] = []
        for path in sorted(self.folder.glob("*.keys"), key=_ends):
            while found and _ends(found[-1])[0] >= _ends(path)[0]:
                found.pop()
            if not found or _ends(found[-1])[1] < _ends(path)[0]:
                found.append(path)
        return found


def _ends(path: Path) -> tuple[int, int]:
    first, _, last = path.stem.partition("-")
    return int(first), int(last)


def _read(path: Path) -> Keys:
    if not path.stat().st_size:
        return np.empty(0, dtype=np.int64)
    return np.memmap(path, dtype="<i8", mode="r")
