"""What effects of ten metrics cost, straight from a file of the warehouse, and beside a peer.

Both arms' moments are counted by DuckDB, and Lin's adjustment by three covariates follows from
them. Held beside the bare sums of the metrics, in the same run; and, where `STATSMODELS_PYTHON`
names an interpreter that has it, beside the same regression (a slope of each arm, centred) of
statsmodels on the same rows, whose differences have to be equal.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb

from joren.science.inference import Adjusted, Moments, adjusted_per_arm, pairs

METRICS: Final = tuple(f"metric_{i}" for i in range(10))
COVARIATES: Final = ("revenue_before", "orders_before", "orders_lately")
ROUNDS: Final = 5


def cost(full: bool) -> None:
    """Moments of 10 metrics and 3 covariates, 2 arms, their adjusted effects, to the bare sums."""
    customers = 1_000_000 if full else 100_000
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        file = Path(folder) / "rows.parquet"
        _write(connection, customers, file)
        bare = ", ".join(f"sum({name}), sum({name} * {name})" for name in METRICS)
        sums = ", ".join(f'sum({name}) AS "{name}"' for name in (*METRICS, *COVARIATES))
        products = ", ".join(
            f'sum({one} * {other}) AS "{one}*{other}"' for one, other in pairs(METRICS, COVARIATES)
        )
        whole = f"SELECT held, count(*), {bare} FROM '{file}' GROUP BY held"
        ours = f"SELECT held, count(*) AS n, {sums}, {products} FROM '{file}' GROUP BY held"
        by_hand = _median(lambda: connection.execute(whole).fetchall())
        through = _median(lambda: _effects(connection, ours))
        print(
            f"{customers:,} customers, {len(METRICS)} metrics, 2 arms: {through:.3f} s CPU with "
            f"their adjusted effects, {by_hand:.3f} s for the bare sums: {through / by_hand:.2f} "
            "(target 3)"
        )
        if python := os.environ.get("STATSMODELS_PYTHON"):
            _beside(python, file, _effects(connection, ours), through)


def _write(connection: duckdb.DuckDBPyConnection, customers: int, file: Path) -> None:
    """Skewed spends that hang on what was bought before; a tenth is left out."""
    columns = ", ".join(
        f"-ln(random()) * 100 * (random() < .02 + .01 * orders_before)::INT AS {name}"
        for name in METRICS
    )
    connection.execute(
        f"COPY (SELECT *, {columns} FROM (SELECT (random() < .1)::INT AS held, "
        "floor(-ln(random()) * 3) AS orders_before, floor(-ln(random())) AS orders_lately, "
        f"floor(-ln(random()) * 5000) AS revenue_before FROM range({customers}))) TO '{file}'"
    )


def _effects(connection: duckdb.DuckDBPyConnection, query: str) -> list[Adjusted]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    arms = {row["held"]: Moments.of_row(row, (*METRICS, *COVARIATES)) for row in rows}
    return [adjusted_per_arm(arms[1], arms[0], name, COVARIATES) for name in METRICS]


def _beside(python: str, file: Path, ours: list[Adjusted], seconds: float) -> None:
    peer = Path(__file__).with_name("effects_peer.py")
    one_core = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(
        [python, str(peer), str(file), ",".join(METRICS), ",".join(COVARIATES)],
        check=True, capture_output=True, text=True, env={**os.environ, **one_core},
    )  # fmt: skip
    told = json.loads(ran.stdout)
    apart = max(
        abs(one.effect.estimate - told["found"][name][0]) / told["found"][name][1]
        for one, name in zip(ours, METRICS, strict=True)
    )
    errors = [
        one.effect.standard_error / told["found"][name][1]
        for one, name in zip(ours, METRICS, strict=True)
    ]
    times = told["seconds"] / seconds
    print(
        f"statsmodels, the same regression: {told['seconds']:.2f} s CPU, {times:.0f} times ours "
        f"(target 10); differences at most {apart:.1e} standard errors apart, standard "
        f"errors {min(errors):.4f} to {max(errors):.4f} of its robust ones"
    )


def _median(work: Callable[[], object]) -> float:
    work()
    seen = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        seen.append(time.process_time() - begun)
    return statistics.median(seen)
