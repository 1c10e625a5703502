"""The program itself, in a process and a home of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from joren.project.cli import run; run()")


def surroundings(home: Path | None) -> dict[str, str]:
    """A database is never shared with the tests: the child's is in its home."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    ours["PYTHONPATH"] = str(REPOSITORY / "src")
    return ours if home is None else {**ours, "JOREN_HOME": str(home)}


def joren(*words: str, folder: Path, home: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder; its home is ``home`` there, or the one it chooses."""
    return subprocess.run(
        [*PROGRAM, *words],
        cwd=folder,
        env=surroundings(folder / "home" if home else None),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def events_kept(home: Path) -> int:
    """How many events the drainer has kept. To ask by a command each time would be a start each."""
    with closing(sqlite3.connect(home / "inbox.sqlite3")) as inbox:
        (kept,) = inbox.execute("SELECT coalesce(sum(kept), 0) FROM inbox_tally").fetchone()
    return int(kept)
