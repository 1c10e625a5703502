"""``python -m bench gate [ROWS] [--database URL …]``: due rows through the gate into the ledger.

For each database: customers with consents, a third of them with messages of the last days; then
ROWS due rows in chunks of 20,000 with a commit each, with consent, suppression, holdout, caps,
quiet hours of three zones and a budget of messages and money. Beside it the same rows by a bare
INSERT … SELECT. Each is a process of its own. Without ``--database`` on SQLite.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.measuring import run

_CHILD = [sys.executable, "-m", "bench.gate_child"]


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench gate")
    asked.add_argument("rows", nargs="?", type=int, default=200_000)
    asked.add_argument("--database", action="append", help="an empty one; it is filled")
    chosen = asked.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="joren-gate-") as folder:
        home = Path(folder) / "home"
        for url in chosen.database or [f"sqlite:///{folder}/gate.sqlite3"]:
            environment = {"JOREN_HOME": str(home), "JOREN_DATABASE_URL": url}
            name = url.partition(":")[0]
            run([*_CHILD, "prepare", str(chosen.rows)], environment=environment)
            for what in ("bare", "gate", "again"):
                cost = run([*_CHILD, what, str(chosen.rows)], environment=environment)
                print(
                    f"{name:<12} {what:<6} {cost.output.strip()}  {cost.gigabytes * 1024:6.0f} MB"
                )
    return 0
