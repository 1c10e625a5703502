"""Spend models on held-out halves: Gamma-Gamma against log-normal spend.

``python -m bench.spend``; CDNOW and Online Retail II are looked for in ``JOREN_DATA``, else in
``../shared/data``. The number of orders to come is taken from the holdout, so that spend alone is
judged. Printed per cut-off: error of the total, of those without a repeat alone, and the absolute
error of a customer's mean over the mean of them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import numpy as np

from joren.science.clv import gamma_gamma, log_normal_spend

MODELS: tuple[ModuleType, ...] = (gamma_gamma, log_normal_spend)
_CDNOW = """
SELECT words[1]::INT AS customer, date_diff('day', DATE '1997-01-01',
       strptime(words[2], '%Y%m%d')::DATE) AS day, sum(words[4]::DOUBLE) AS money
FROM (SELECT string_split_regex(trim(line), '\\s+') AS words FROM read_csv($file, header = false,
      skip = 1, sep = '\\t', columns = {'line': 'VARCHAR'}))
GROUP BY ALL HAVING sum(words[4]::DOUBLE) > 0
"""
_RETAIL = """
SELECT "Customer ID"::BIGINT AS customer,
       date_diff('day', DATE '2009-12-01', InvoiceDate::DATE) AS day, sum(Quantity * Price) AS money
FROM read_parquet($file)
WHERE "Customer ID" IS NOT NULL AND Invoice NOT LIKE 'C%' AND Quantity > 0 AND Price > 0
GROUP BY ALL
"""
_SPLIT = """
WITH firsts AS (SELECT *, min(day) OVER (PARTITION BY customer) AS first FROM days)
SELECT count(*) FILTER (day > first AND day <= $end) AS x,
       coalesce(avg(money) FILTER (day > first AND day <= $end), 0) AS z,
       count(*) FILTER (day > $end AND day <= $end + $ahead) AS h,
       coalesce(avg(money) FILTER (day > $end AND day <= $end + $ahead), 0) AS y
FROM firsts WHERE first <= $end GROUP BY customer ORDER BY customer
"""
LOGS = (
    ("CDNOW", "CDNOW_master.txt", _CDNOW, (180, 272, 360)),
    (
        "Online Retail II",
        "online_retail_II_full_dedup.parquet",
        _RETAIL,
        (300, 350, 400, 450, 500, 557),
    ),
)
AHEAD = 182  # days


def main() -> int:
    folder = Path(os.environ.get("JOREN_DATA", "../shared/data"))
    for name, file, query, ends in LOGS:
        if not (folder / file).is_file():
            print(f"{folder / file} is not there; set JOREN_DATA to the folder of the order logs")
            return 1
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE days AS {query}", {"file": str(folder / file)})
            for end in ends:
                rows = connection.execute(_SPLIT, {"end": end, "ahead": AHEAD}).fetchnumpy()
                _judge(f"{name}, day {end}", rows)
    return 0


def _judge(title: str, rows: dict[str, Any]) -> None:
    x, z, h, y = (np.asarray(rows[name], dtype=np.float64) for name in "xzhy")
    back, once = h > 0, (h > 0) & (x == 0)
    for model in MODELS:
        expected = model.fit(x, z).conditional_expected_spend(x, z)
        total, single = (
            100 * ((h * expected)[some].sum() / (h * y)[some].sum() - 1) for some in (back, once)
        )
        missed = np.abs(expected - y)[back].mean() / y[back].mean()
        name = model.__name__.rsplit(".", 1)[-1]
        print(f"{title:<26} {name:<17} {total:+6.1f} % {single:+7.1f} %   {missed:.4f}")


if __name__ == "__main__":
    sys.exit(main())
