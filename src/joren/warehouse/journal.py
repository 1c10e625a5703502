"""Work that, once promised, is finished: a redo log of folders.

A piece of work is prepared as files in a folder of its own. Writing ``plan.json`` (by rename, the
one atomic step) promises it. Then it is carried out, each step safe to repeat, and the folder goes.
After ``kill -9`` a folder without a plan is thrown away (the state before), one with a plan is
carried out again (the state after). What was carried out leaves a note until whoever promised it
has read it, so that also after a crash it can be told what became of the work. A lock of the
operating system, which dies with its process, lets one piece of work write at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from joren.core.errors import Unavailable

Plan = Mapping[str, Any]


class WarehouseBusy(Unavailable):
    """Another import or refresh is writing."""


class Journal:
    """Promised work under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self, name: str) -> Path:
        """An empty folder to prepare the work of that name in."""
        folder = self.root / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def promise(self, folder: Path, plan: Plan) -> None:
        """From here on the work will be done, whatever happens to this process."""
        draft = folder / "plan.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(plan, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / "plan.json")
        _sync_folder(folder)

    def promised(self) -> list[tuple[Path, Plan]]:
        """Work that was promised and not yet finished, in the order of its names."""
        if not self.root.is_dir():
            return []
        return [
            (path.parent, json.loads(path.read_text(encoding="utf-8")))
            for path in sorted(self.root.glob("*/plan.json"))
        ]

    def finish(self, folder: Path) -> None:
        """The work is done: its promise becomes a note that it was kept, and the files go."""
        if (folder / "plan.json").exists():
            (self.root / "kept").mkdir(exist_ok=True)
            (folder / "plan.json").rename(self._note(folder.name))
        shutil.rmtree(folder, ignore_errors=True)

    def kept(self, name: str) -> Plan | None:
        """The plan of the work of that name once it is done, until it is forgotten."""
        try:
            plan: Plan = json.loads(self._note(name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return plan

    def forget(self, name: str) -> None:
        """Throw the note away: whoever promised knows that the work is done."""
        self._note(name).unlink(missing_ok=True)

    def _note(self, name: str) -> Path:
        return self.root / "kept" / f"{name}.json"

    def discard_unpromised(self) -> list[str]:
        """Throw away what was only prepared; call with the lock held. Returns the names."""
        if not self.root.is_dir():
            return []
        left = [
            folder
            for folder in sorted(self.root.iterdir())
            if folder.is_dir() and folder.name != "kept" and not (folder / "plan.json").exists()
        ]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return [folder.name for folder in left]

    @contextmanager
    def lock(
        self, *, wait: float = 600.0, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Hold the warehouse's only pen; the system takes it back when the process dies."""
        self.root.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + wait
        with (self.root / "lock").open("a+") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise WarehouseBusy(
                            f"another import or refresh has been writing for {wait:.0f} s",
                            hint="wait for it to end, then run this again",
                        ) from None
                    if on_wait is not None:
                        on_wait()
                    time.sleep(0.1)
            yield


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
