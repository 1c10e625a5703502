"""What ``scale`` does in processes of their own: write a lake, refresh it, compare snapshots."""

from __future__ import annotations

import os
import pickle
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import django

PIECE = 5_000_000
"""Rows of one file."""


def main(verb: str, *words: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    {"write": _write, "refresh": _refresh, "keep": _keep, "compare": _compare}[verb](*words)


def _write(customers: str) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from django.core.management import call_command

    from bench.generating import FIRST, purchases
    from joren.collect.orders.contracts import ORDERS
    from joren.plumbing.warehouse import warehouse

    call_command("migrate", verbosity=0)
    house, chance = warehouse(), np.random.default_rng(7)
    seconds, who = purchases(chance, int(customers))
    opened = int(datetime.combine(FIRST, time(), UTC).timestamp())
    files = []
    for begin in range(0, who.size, PIECE):
        some = slice(begin, begin + PIECE)
        number = np.arange(begin, begin + who[some].size)
        revenue = np.round(chance.lognormal(8, 0.6, number.size)).astype(np.int64)
        days = (opened + seconds[some]) // 86_400
        columns: dict[str, Any] = {
            "order_id": number,
            "import_id": np.ones(number.size, np.int64),
            "identity_id": who[some] + 1,
            "store_id": 1 + number % 2,
            "ordered_at": pa.array((opened + seconds[some]) * 1_000_000).cast(
                pa.timestamp("us", "UTC")
            ),
            "ordered_on": pa.array(days.astype(np.int32)).cast(pa.date32()),
            "status": pa.DictionaryArray.from_arrays(
                (number % 80 == 0).astype(np.int8), ["paid", "cancelled"]
            ).dictionary_decode(),
            "currency": pa.repeat("JPY", number.size),
            "free": pa.repeat(False, number.size),
            "goods": revenue,
            "total": revenue,
            "revenue": revenue,
            "goods_cost": np.round(revenue * 0.4).astype(np.int64),
            "source": pa.DictionaryArray.from_arrays(
                (who[some] % 3).astype(np.int8), ["google", "line", "direct"]
            ).dictionary_decode(),
        }
        files.append(house.scratch / f"orders-{begin}.parquet")
        pq.write_table(pa.table(columns), files[-1])
    house.lake.append(ORDERS, files, key="scale")
    for file in files:
        file.unlink()
    (Path(house.home) / "written").touch()


def _refresh() -> None:
    from tests.project.refreshing import refreshed

    report = refreshed()
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in report.steps.items())
    print(f"  {report.customers:,} customers; seconds: {steps}")


def _keep(engine: str) -> None:
    """Apart from the refresh, whose memory is measured; the next one of the day replaces it."""
    from django.conf import settings

    from joren.plumbing.warehouse import warehouse
    from tests.project.spark.comparing import insights

    house = warehouse()
    found = insights(house, house.snapshots.all()[-1].id)
    (settings.JOREN_HOME / f"insights-{engine}").write_bytes(pickle.dumps(found))


def _compare() -> None:
    from django.conf import settings

    from tests.project.spark.comparing import differences

    one, other = (
        pickle.loads((settings.JOREN_HOME / f"insights-{engine}").read_bytes())  # noqa: S301 (ours)
        for engine in ("duckdb", "spark")
    )
    found = differences(one, other)
    print("\n".join(f"  differs: {line}" for line in found) or "  all insights are alike")


if __name__ == "__main__":
    main(*sys.argv[1:])
