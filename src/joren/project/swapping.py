"""Many files and folders of an installation exchanged at once, as far as a crash can tell.

The new ones are laid beside the old; a plan, written by one rename, promises the exchange; each of
its steps is a rename that may be repeated. A crash before the plan leaves everything as it was, one
after it is finished by the next process that starts. Standard library only: this runs before the
settings are read, since these files are what they are read from.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

PLAN: Final = "restore-plan.json"
LOCK: Final = "restore-lock"


@dataclass(frozen=True)
class Move:
    """``place`` goes to ``aside``, with the companions beside it; ``new``, if any, takes its place.

    ``new`` lies on the same disk as ``place``, so that a rename is one step.
    """

    place: str
    aside: str
    new: str | None = None
    companions: tuple[str, ...] = ()  # endings of files that belong to it: "-wal"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One process at a time; the system takes the lock back when it dies."""
    with (home / LOCK).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def swap(
    home: Path, moves: Sequence[Move], *, along: AbstractContextManager[None] | None = None
) -> None:
    """Promise the moves and carry them out; call inside ``alone``.

    ``along`` exchanges what is no file. It is entered once nothing but the promise can fail any
    more, and takes itself back if that does.
    """
    draft = home / f"{PLAN}.draft"
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump([asdict(move) for move in moves], file)
            file.flush()
            os.fsync(file.fileno())
        with along or nullcontext():
            draft.replace(home / PLAN)
    finally:
        draft.unlink(missing_ok=True)
    _sync(home)
    _carry_out(home, moves)


def finish(home: Path) -> None:
    """Carry out what a process promised that died since; what is done already stays."""
    if not (home / PLAN).exists():
        return
    with alone(home):
        try:
            plan = json.loads((home / PLAN).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return  # another process was faster
        _carry_out(home, [Move(**{**one, "companions": tuple(one["companions"])}) for one in plan])


def _carry_out(home: Path, moves: Sequence[Move]) -> None:
    for move in moves:
        if move.new is None or Path(move.new).exists():
            _move(move)
    for folder in {Path(move.place).parent for move in moves}:
        if folder.is_dir():
            _sync(folder)
    (home / PLAN).unlink()


def _move(move: Move) -> None:
    place, aside = Path(move.place), Path(move.aside)
    aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    for end in (*move.companions, ""):
        old, kept = place.with_name(place.name + end), aside.with_name(aside.name + end)
        if not old.exists():
            continue
        if not kept.exists():
            _put(old, kept)
        elif move.new is not None:
            # Its turn came before the crash: this one was born since, of a start in between.
            _remove(old)
    if move.new is not None:
        Path(move.new).rename(place)


def _put(old: Path, kept: Path) -> None:
    try:
        old.rename(kept)
    except (
        OSError
    ):  # another disk: copied whole under another name, so that half is not taken for all
        draft = kept.with_name(f"{kept.name}.draft")
        _remove(draft)
        shutil.copytree(old, draft) if old.is_dir() else shutil.copy2(old, draft)
        draft.rename(kept)
        _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
