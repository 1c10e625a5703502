"""A shop of a million customers through the ordinary commands, against DuckDB by itself.

``python -m bench million [--customers N] [--folder DIR] [STEP …]``; the steps, in this order:
``import``, ``again``, ``summary``, ``refresh``, ``pages``, ``export``. Without a step all of them.
Whole processes are held against whole processes. The folder is kept, so that a step can be
repeated; its home is made anew by ``import``. It takes 8 GB of disk at a million.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from pathlib import Path
from tempfile import gettempdir

from bench.generating import Shop, generate
from bench.measuring import Cost, ratio, run

STEPS = ("import", "again", "summary", "refresh", "pages", "export")
_TO_PARQUET = """
import duckdb, sys
with duckdb.connect() as connection:
    connection.execute("SET threads = 2; SET memory_limit = '2GB'; SET preserve_insertion_order = true")
    connection.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
"""  # noqa: E501 (a program as it is run)


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench million")
    asked.add_argument("steps", nargs="*", choices=[[], *STEPS], default=[])
    asked.add_argument("--customers", type=int, default=1_000_000)
    asked.add_argument("--folder", type=Path, default=Path(gettempdir(), "joren-million"))
    chosen = asked.parse_args(arguments)
    wanted = chosen.steps or list(STEPS)
    file = chosen.folder / "orders.csv"
    if not file.is_file():
        shop: Shop = generate(chosen.folder, customers=chosen.customers)
        print(f"{shop.customers:,} customers, {shop.orders_count:,} orders, {shop.lines:,} lines")
    for step in wanted:
        _DO[step](chosen.folder)
    return 0


_EARLIER = ("--as-of", "2024-12-01")  # a month before the last order of a generated shop


def _joren(folder: Path, *words: str) -> Cost:
    joren = str(Path(sys.executable).with_name("joren"))
    return run([joren, *words], environment={"JOREN_HOME": str(folder / "home")})


def _import(folder: Path) -> None:
    file = str(folder / "orders.csv")
    bare = run([sys.executable, "-c", _TO_PARQUET, file, str(folder / "bare.parquet")])
    print(bare.line("DuckDB alone, CSV to Parquet"))
    shutil.rmtree(folder / "home", ignore_errors=True)
    print(_joren(folder, "imports", "list").line("a new home"))
    ours = _joren(folder, "import", "orders", file, "--json")
    print(ours.line("joren import orders"))
    ratio("import / DuckDB alone, CPU (target 4)", ours.cpu / bare.cpu)
    ratio("import / DuckDB alone, wall", ours.wall / bare.wall)


def _again(folder: Path) -> None:
    print(_joren(folder, "import", "orders", str(folder / "orders.csv")).line("the file again"))


def _summary(folder: Path) -> None:
    found = run(
        [sys.executable, "-m", "bench.summary"], environment={"JOREN_HOME": str(folder / "home")}
    )
    print(found.output, end="")


def _refresh(folder: Path) -> None:
    # One of an earlier day first: what moved since has something to be told from.
    costs = [_joren(folder, "refresh", "--json", *more) for more in (_EARLIER, ())]
    for cost in costs:
        print(cost.line("joren refresh"))
    ratio("refresh, CPU seconds on two cores / 60 s", statistics.mean(c.cpu for c in costs) / 120)
    ratio("refresh, wall / 60 s", min(cost.wall for cost in costs) / 60)
    ratio("refresh, memory / 4 GB", max(cost.gigabytes for cost in costs) / 4)


def _pages(folder: Path) -> None:
    found = run(
        [sys.executable, "-m", "bench.looking"], environment={"JOREN_HOME": str(folder / "home")}
    )
    print(found.output, end="")


def _export(folder: Path) -> None:
    out = folder / "insights.parquet"
    cost = _joren(folder, "export", "insights", "--out", str(out))
    print(cost.line("joren export insights"))
    ratio("export, memory / 4 GB", cost.gigabytes / 4)


_DO = {
    "import": _import,
    "again": _again,
    "summary": _summary,
    "refresh": _refresh,
    "pages": _pages,
    "export": _export,
}
