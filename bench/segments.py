"""Segments over a shop of N customers with five orders and twenty events each.

``python -m bench segments [CUSTOMERS]``. Printed are seconds of wall clock: the preview of a rule
of five conditions, whole in a new process and after one of the five is edited; then its value
against the rest and its overlap with fifty segments, each after an edit; fifty segments at a
refresh; a look at ten of them after a thousand customers have done something. Beside the first two
stands what bare DuckDB takes for the same conditions over the same files.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring import run


def main(arguments: list[str]) -> int:
    customers = arguments[0] if arguments else "100000"
    with TemporaryDirectory(prefix="joren-segments-") as home:
        for verb in ("write", "refresh", "preview", "look"):
            cost = run(
                [sys.executable, "-m", "bench.segments_child", verb, customers],
                environment={"JOREN_HOME": str(Path(home))},
            )
            print(cost.output, end="", flush=True)
    return 0
