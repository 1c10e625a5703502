"""Growth: a refresh of ever more orders, on DuckDB and on a Spark cluster, and what differs.

``python -m bench scale [ORDERS …] [--spark] [--folder DIR]``; by itself 100,000 and a million
orders on DuckDB. Orders are drawn by ``generating`` and written into the lake as an import would
leave them. With ``--spark`` the same is refreshed on a master and two workers on loopback, and the
insights are compared: money exactly, floats to 1e-9.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir

from bench.generating import ORDERS_EACH
from bench.measuring import Cost, run
from tests.project.spark.cluster import running

_CHILD = [sys.executable, "-m", "bench.scale_child"]


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench scale")
    asked.add_argument("orders", nargs="*", type=int, default=[100_000, 1_000_000])
    asked.add_argument("--spark", action="store_true", help="on a cluster too, and compare")
    asked.add_argument("--memory", default="2G", help="of DuckDB (JOREN_MEMORY)")
    asked.add_argument("--folder", type=Path, default=Path(gettempdir(), "joren-scale"))
    chosen = asked.parse_args(arguments)
    differ = False
    with ExitStack() as stack:
        address = ""
        if chosen.spark:
            place = chosen.folder / f"cluster-{os.getpid()}"
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            address = stack.enter_context(running(place, memory="2g", java="", more="")).address
        for orders in chosen.orders:
            home = chosen.folder / str(orders)
            settings = {"JOREN_HOME": str(home), "JOREN_MEMORY": chosen.memory}
            if not (home / "written").is_file():
                shutil.rmtree(home, ignore_errors=True)
                run([*_CHILD, "write", str(round(orders / ORDERS_EACH))], environment=settings)
            _say(orders, "DuckDB", run([*_CHILD, "refresh"], environment=settings))
            if address:
                run([*_CHILD, "keep", "duckdb"], environment=settings)
                clustered = settings | {"JOREN_ENGINE": "spark", "JOREN_SPARK": address}
                _say(orders, "Spark", run([*_CHILD, "refresh"], environment=clustered))
                run([*_CHILD, "keep", "spark"], environment=settings)
                compared = run([*_CHILD, "compare"], environment=settings)
                print(compared.output, end="", flush=True)
                differ |= "differs" in compared.output
    return int(differ)


def _say(orders: int, engine: str, cost: Cost) -> None:
    load = os.getloadavg()[0]
    print(f"{cost.line(f'{orders:,} orders on {engine}')}   load {load:.1f}", flush=True)
    print(cost.output, end="", flush=True)
