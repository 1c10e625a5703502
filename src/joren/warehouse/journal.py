"""Work that, once promised, is finished: a redo log of folders.

A piece of work is prepared as files in a folder of its own. Writing ``plan.json`` (by rename, the
one atomic step) promises it. Then it is carried out, each step safe to repeat, and the folder goes.
After ``kill -9`` a folder without a plan is thrown away (the state before), one with a plan is
carried out again (the state after). Locks of the operating system, which die with their process,
let one piece of work write at a time (``pen``), and keep facts as they are while figures are
counted (``lock``). An import of minutes has the pen all along and lets live events in between: its
short parts that they may not meet are done in a ``turn``, and so is each of their micro-batches.
Who takes several takes ``lock`` first, then ``pen``, then a ``turn``.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from joren.core.errors import Unavailable

Plan = Mapping[str, Any]
Turn: TypeAlias = Callable[[], AbstractContextManager[None]]
"""How whoever has the pen for long is alone for a moment."""


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
        """The work is done: forget it, the promise first."""
        (folder / "plan.json").unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)

    def discard_unpromised(self) -> list[str]:
        """Throw away what was only prepared; call with the lock held. Returns the names."""
        if not self.root.is_dir():
            return []
        left = [
            folder
            for folder in sorted(self.root.iterdir())
            if folder.is_dir() and not (folder / "plan.json").exists()
        ]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return [folder.name for folder in left]

    @contextmanager
    def claim(self, name: str) -> Iterator[None]:
        """Say to every process that the work of that name is alive; the claim dies with us."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self._claim(name)
        with path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)

    def is_claimed(self, name: str) -> bool:
        """Is somebody alive at the work of that name?"""
        try:
            with self._claim(name).open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def forget_claim(self, name: str) -> None:
        """Remove what a dead claimant left."""
        self._claim(name).unlink(missing_ok=True)

    def _claim(self, name: str) -> Path:
        return self.root / f"{name}.claim"

    @contextmanager
    def lock(
        self, *, wait: float = 600.0, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Hold the warehouse alone: nobody counts meanwhile, and nobody else writes.

        The system takes it back when the process dies, as it does with each of the locks here.
        """
        with self.long_lock(wait=wait, on_wait=on_wait), self.turn(wait=wait, on_wait=on_wait):
            yield

    @contextmanager
    def long_lock(
        self, *, wait: float = 600.0, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """The same for minutes: live events go on, but for when the holder has its ``turn``."""
        with self._held("lock", wait, on_wait), self._held("pen", wait, on_wait):
            yield

    @contextmanager
    def turn(
        self, *, wait: float = 600.0, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Alone for a moment. Whoever asked first is next: another may be back at once."""
        with ExitStack() as held:
            with self._held("gate", wait, on_wait):
                held.enter_context(self._held("turn", wait, on_wait))
            yield

    @contextmanager
    def counting(
        self, *, wait: float = 600.0, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Count what is there: orders and people of files stay as they are, live events go on.

        Whatever writes while inside takes the pen for as long as it writes.
        """
        with self._held("lock", wait, on_wait):
            yield

    @contextmanager
    def pen(
        self, *, wait: float = 600.0, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Write what no refresh counts, beside one; no other writer is at it."""
        with self._held("pen", wait, on_wait), self.turn(wait=wait, on_wait=on_wait):
            yield

    @contextmanager
    def _held(self, name: str, wait: float, on_wait: Callable[[], None] | None) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + wait
        with (self.root / name).open("a+") as file:
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
