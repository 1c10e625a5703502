"""``python -m bench journeys [ENROLMENTS] [--database URL …]``: one step of a journey in sets.

For each database: customers as for ``bench gate``, and as many who stand at a message of a running
journey and are due. One tick takes them through the whole gate into the ledger, writes down what
they passed and moves them to a wait, in chunks with a commit each. Beside it the bare INSERT …
SELECT of as many rows of the ledger. Each is a process of its own, without ``--database`` on
SQLite.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.measuring import run


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench journeys")
    asked.add_argument("enrolments", nargs="?", type=int, default=200_000)
    asked.add_argument("--database", action="append", help="an empty one; it is filled")
    chosen = asked.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="joren-journeys-") as folder:
        for url in chosen.database or [f"sqlite:///{folder}/journeys.sqlite3"]:
            environment = {"JOREN_HOME": str(Path(folder) / "home"), "JOREN_DATABASE_URL": url}
            rows = str(chosen.enrolments)
            run([*_of("gate_child"), "prepare", rows], environment=environment)
            seconds = {}
            for child, what in (("gate_child", "bare"), ("journeys_child", "step")):
                cost = run([*_of(child), what, rows], environment=environment)
                seconds[what] = chosen.enrolments / float(cost.output.split()[0].replace(",", ""))
                print(
                    f"{url.partition(':')[0]:<12} {what:<6} {cost.output.strip()}"
                    f"  {cost.gigabytes * 1024:6.0f} MB"
                )
            print(f"{'':<12} step / bare {seconds['step'] / seconds['bare']:.1f}")
    return 0


def _of(child: str) -> list[str]:
    return [sys.executable, "-m", f"bench.{child}"]
