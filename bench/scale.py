"""Growth: a refresh of ever more orders, on DuckDB and on a Spark cluster, and what differs.

``python -m bench scale [ORDERS …] [--spark] [--kill SECONDS] [--folder DIR]``; by itself 100,000
and a million orders on DuckDB. The shop of ``generated_lake`` lies where an import would have left
it. With ``--spark`` the same is refreshed on a master and two workers on loopback, and all tables
and figures are compared: money exactly, floats to 1e-9. ``--kill`` ends a worker in the middle.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from threading import Timer

from bench.generating import ORDERS_EACH
from bench.measuring import Cost, run
from tests.project.spark.cluster import running

_CHILD = [sys.executable, "-m", "bench.scale_child"]


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench scale")
    asked.add_argument("orders", nargs="*", type=int, default=[100_000, 1_000_000])
    asked.add_argument("--spark", action="store_true", help="on a cluster too, and compare")
    asked.add_argument("--kill", type=float, help="a worker, so many seconds into the refresh")
    asked.add_argument("--memory", default="2G", help="of DuckDB (JOREN_MEMORY)")
    asked.add_argument("--each", default="2g", help="memory of the driver and of each worker")
    asked.add_argument("--folder", type=Path, default=Path(gettempdir(), "joren-scale"))
    chosen = asked.parse_args(arguments)
    alike = True
    for orders in chosen.orders:
        home = chosen.folder / str(orders)
        settings = {"JOREN_HOME": str(home), "JOREN_MEMORY": chosen.memory}
        if not (home / "written").is_file():
            shutil.rmtree(home, ignore_errors=True)
            customers = str(round(orders / ORDERS_EACH))
            print(run([*_CHILD, "write", customers], environment=settings).output, end="")
        _say(orders, "DuckDB", run([*_CHILD, "refresh"], environment=settings))
        if chosen.spark:
            run([*_CHILD, "keep", "duckdb"], environment=settings)
            _on_spark(orders, settings, memory=chosen.each, kill=chosen.kill)
            run([*_CHILD, "keep", "spark"], environment=settings)
            compared = run([*_CHILD, "compare"], environment=settings)
            print(compared.output, end="", flush=True)
            alike &= "differs" not in compared.output
    return int(not alike)


def _on_spark(orders: int, settings: Mapping[str, str], *, memory: str, kill: float | None) -> None:
    place = Path(settings["JOREN_HOME"], f"cluster-{os.getpid()}")
    try:
        with running(place, memory=memory, java="", more="") as cluster:
            there = {"JOREN_ENGINE": "spark", "JOREN_SPARK": cluster.address}
            with _in(kill, cluster.kill_a_worker):
                cost = run([*_CHILD, "refresh"], environment={**settings, **there})
            _say(orders, "Spark", cost)
            left, spent = len(cluster.workers), cluster.processor_seconds()
            print(f"  master and workers: {spent:.1f} s CPU; {left} of 2 workers at the end")
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _in(seconds: float | None, what: Callable[[], None]) -> Iterator[None]:
    """Do it so many seconds from now, or never."""
    timer = Timer(seconds or 0, what)
    if seconds is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _say(orders: int, engine: str, cost: Cost) -> None:
    load = os.getloadavg()[0]
    print(f"{cost.line(f'{orders:,} orders on {engine}')}   load {load:.1f}", flush=True)
    print(cost.output, end="", flush=True)
