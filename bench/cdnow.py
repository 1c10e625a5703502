"""CDNOW, whole: the summary against bare DuckDB, and the fits against the printed values.

``python -m bench cdnow``; the log is looked for in ``JOREN_DATA``, else in ``../shared/data``.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench.measuring import on_processor
from joren.science.clv import Summary, bg_nbd, gamma_gamma, pareto_nbd

ROUNDS = 5
CALIBRATION_ENDS = "1997-09-30"
# BG/NBD on all 23,570 customers, 39 weeks of calibration, time in weeks (R package, computed).
PRINTED = {"r": 0.25162, "alpha": 4.78894, "a": 0.72343, "b": 2.16108}
PRINTED_LIKELIHOOD = -95368.444
# Pareto/NBD on the same, and what CLVTools 0.12.1 (R) took for it on two cores, in CPU seconds.
PRINTED_PARETO = {"r": 0.59741, "alpha": 11.58511, "s": 0.52217, "beta": 8.82598}
PRINTED_PARETO_LIKELIHOOD = -95415.119
CLVTOOLS = 4.1
# Gamma-Gamma on the 946 repeaters of the 1/10 sample (Fader & Hardie, note 025).
PRINTED_SPEND = {"p": 6.249349, "q": 3.744256, "v": 15.444307}

_DAYS = """
CREATE TABLE days AS
SELECT customer, day, sum(spend) AS spend FROM (
    SELECT words[$first::INT] AS customer, strptime(words[$first::INT + 1], '%Y%m%d')::DATE AS day,
           words[$first::INT + 3]::DOUBLE AS spend
    FROM (
        SELECT string_split_regex(trim(line), '\\s+') AS words
        FROM read_csv($file, header = false, skip = $skip, sep = '\\t',
                      columns = {'line': 'VARCHAR'})
    )
) GROUP BY ALL
"""
_SUMMARY = f"""
SELECT customer, count(*) - 1 AS frequency, (max(day) - min(day)) / 7.0 AS recency,
       (DATE '{CALIBRATION_ENDS}' - min(day)) / 7.0 AS age,
       coalesce((sum(spend) - arg_min(spend, day)) / nullif(count(*) - 1, 0), 0) AS value
FROM days WHERE day <= DATE '{CALIBRATION_ENDS}' GROUP BY customer
"""


def main() -> int:
    file = Path(os.environ.get("JOREN_DATA", "../shared/data")) / "CDNOW_master.txt"
    if not file.is_file():
        print(f"{file} is not there; set JOREN_DATA to the folder of the order logs")
        return 1
    with duckdb.connect() as connection:
        connection.execute(_DAYS, {"file": str(file), "skip": 1, "first": 1})
        bare, columns = _timed(lambda: connection.execute(_SUMMARY).fetchnumpy())
        print(f"CDNOW, {columns['customer'].size:,} customers; medians of {ROUNDS} rounds\n")
        whole, summary = _timed(lambda: _summary(connection.execute(_SUMMARY).fetchnumpy()))
        _line("summary / bare DuckDB query", whole / bare)
        _purchases(summary, bare)
    with duckdb.connect() as connection:
        sample = str(file.with_name("CDNOW_sample.txt"))
        connection.execute(_DAYS, {"file": sample, "skip": 0, "first": 2})
        _spend(connection.execute(_SUMMARY).fetchnumpy(), bare)
    return 0


def _purchases(summary: Summary, bare: float) -> None:
    seconds, fitted = _timed(lambda: bg_nbd.fit(summary))
    _line("BG/NBD fit / bare DuckDB query", seconds / bare)
    for name, printed in PRINTED.items():
        _line(f"BG/NBD {name} / printed {printed}", fitted.params[name] / printed)
    _line("BG/NBD log-likelihood / printed", fitted.log_likelihood / PRINTED_LIKELIHOOD)
    pareto_nbd.fit(summary)  # once to warm up
    seconds, fitted = on_processor(lambda: pareto_nbd.fit(summary), ROUNDS)
    _line("Pareto/NBD fit, CPU: CLVTools' printed / ours", CLVTOOLS / seconds)
    for name, printed in PRINTED_PARETO.items():
        _line(f"Pareto/NBD {name} / printed {printed}", fitted.params[name] / printed)
    over = fitted.log_likelihood - PRINTED_PARETO_LIKELIHOOD
    _line("Pareto/NBD log-likelihood above the printed", over)


def _spend(columns: dict[str, Any], bare: float) -> None:
    repeated = (columns["frequency"] > 0) & (columns["value"] > 0)
    frequency, value = (np.asarray(columns[name])[repeated] for name in ("frequency", "value"))
    seconds, fitted = _timed(lambda: gamma_gamma.fit(frequency, value))
    _line(f"Gamma-Gamma fit, {value.size} repeaters / bare DuckDB query", seconds / bare)
    for name, printed in PRINTED_SPEND.items():
        _line(f"Gamma-Gamma {name} / printed {printed}", fitted.params[name] / printed)


def _summary(columns: dict[str, Any]) -> Summary:
    return Summary(columns["frequency"], columns["recency"], columns["age"])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    seconds: list[float] = []
    result = work()  # once to warm up
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), result


def _line(what: str, ratio: float) -> None:
    print(f"{what:<55} {ratio:10.4f}")
