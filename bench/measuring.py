"""What a whole process costs: processor seconds, wall clock, and the most memory it ever held."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """Of one child process and what it started."""

    cpu: float
    wall: float
    gigabytes: float
    output: str

    def line(self, what: str) -> str:
        return f"{what:<44} {self.cpu:8.1f} s CPU {self.wall:8.1f} s {self.gigabytes:6.2f} GB"


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; a failure ends the bench."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        print(output)
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    wall = time.perf_counter() - begun
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 2**20, output)


def on_processor(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """CPU seconds of this process, the median of the rounds, and what came out."""
    seconds: list[float] = []
    result = None
    for _ in range(rounds):
        begun = time.process_time()
        result = work()
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds), result


def most_memory() -> float:
    """Gigabytes that this process held at the most, since it began to run its program.

    What the kernel tells of a child that has ended counts what its parent held at the start.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def ratio(what: str, found: float) -> None:
    """Print a line of the report."""
    print(f"{what:<55} {found:10.4f}", flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the measurements stays under or meets."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
