"""The customer summary on a home that is there, against the DuckDB query one would write by hand.

``python -m bench.summary``; ``JOREN_HOME`` names the home. Both read the same Parquet files into
memory; who each identity is comes from the database before the clock starts. `LIFETIMES_PYTHON`
names the interpreter of an environment of its own in which `lifetimes` is installed: then the
orders that count go into one Parquet file with the customer, as it wants them, and it, `summarised`
of ``joren.science.clv`` and a bare DuckDB query read that file, each in a process of its own: the
median of three rounds, and the most memory of the first, start of Python included.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import django
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.measuring import most_memory, on_processor, ratio, run
from joren.warehouse import Holding, Warehouse

ROUNDS = 5
ONCE = "once"
SUMS = ("frequency", "recency", "T")
TELL = """
import json, statistics, sys, time
seconds = []
for _ in range(3):
    begun = time.process_time()
    found = made(sys.argv[1], sys.argv[2])
    seconds.append(time.process_time() - begun)
    if len(seconds) == 1:
        status = open("/proc/self/status").read()
        most = int(status.split("VmHWM:")[1].split()[0]) / 2**20
print(json.dumps({"seconds": statistics.median(seconds), "memory": most, **told(found)}))
"""
PEER = """
import warnings
warnings.filterwarnings("ignore")
import pandas as pd
from lifetimes.utils import summary_data_from_transaction_data

def made(file, end):
    return summary_data_from_transaction_data(
        pd.read_parquet(file), "customer_id", "day", "revenue", freq="D",
        observation_period_end=end,
    )

def told(found):
    return {"customers": len(found),
            "sums": [int(found[name].sum()) for name in ("frequency", "recency", "T")]}
"""
NOTEBOOK = """
import pyarrow.parquet as pq
from joren.science.clv import summarised

def made(file, end):
    rows = pq.read_table(file)
    return summarised(rows["customer_id"], rows["day"], rows["revenue"], until=end)

def told(found):
    sums = found.summary
    return {"customers": len(sums),
            "sums": [int(one.sum()) for one in (sums.frequency, sums.recency, sums.T)]}
"""
ALONE = """
import duckdb
from pyarrow.compute import sum as add

def made(file, end):
    with duckdb.connect() as connection:
        connection.execute("SET threads = THREADS; SET enable_progress_bar = false")
        return connection.sql(
            "SELECT customer_id, count(*) - 1 AS frequency, max(day) - min(day) AS recency, "
            "$1::DATE - min(day) AS age, sum(revenue) - arg_min(revenue, day) AS spend "
            "FROM (SELECT customer_id, day::DATE AS day, sum(revenue) AS revenue "
            "FROM read_parquet($2) GROUP BY ALL) GROUP BY customer_id", params=[end, file]
        ).to_arrow_table()

def told(found):
    return {"customers": len(found),
            "sums": [add(found[name]).as_py() for name in ("frequency", "recency", "age")]}
"""


@dataclass(frozen=True)
class Questions:
    """Ours, the bare one, and the orders that both count."""

    ours: ir.Table
    bare: str
    counted: ir.Table
    day: str


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    # Django's own parts can be read only now.
    from joren.plumbing.warehouse import warehouse

    house = warehouse()
    with house.engine.session() as holding:
        asked = _questions(house, holding)
        if ONCE in sys.argv[1:]:
            house.engine.arrow(asked.ours)
            print(most_memory())
            return 0
        house.engine.raw.sql(asked.bare).to_arrow_table()  # once to warm up
        by_hand, rows = on_processor(
            lambda: house.engine.raw.sql(asked.bare).to_arrow_table(), ROUNDS
        )
        house.engine.arrow(asked.ours)
        through, table = on_processor(lambda: house.engine.arrow(asked.ours), ROUNDS)
        assert rows.num_rows == table.num_rows, (rows.num_rows, table.num_rows)
        print(
            f"summary of {table.num_rows:,} customers, CPU: {through:.2f} s, {by_hand:.2f} s bare"
        )
        ratio("summary / bare DuckDB query (target 1.3)", through / by_hand)
        if interpreter := os.environ.get("LIFETIMES_PYTHON"):
            _beside(interpreter, house, asked, table, through)
    return 0


def _questions(house: Warehouse, holding: Holding) -> Questions:
    from joren.collect.customers import selectors as customers
    from joren.collect.orders import selectors as facts
    from joren.collect.orders.contracts import ORDERS
    from joren.understand.ltv.rules import purchases as counting
    from joren.understand.ltv.rules import summary
    from joren.understand.ltv.services import Facts

    people = holding.take(customers.person_of(house))
    known = Facts(
        orders=facts.orders(house),
        order_lines=facts.order_lines(house),
        refunds=facts.refunds(house),
        products=facts.products(house),
        person_of=people,
    )
    (last,) = house.engine.rows(known.orders.agg(on=known.orders.ordered_on.max()))
    day = last["on"]
    bought = counting.purchases(
        known, counting.known_orders(known, as_of=day), as_of=day, currency="JPY"
    )
    listed = ", ".join(f"'{path}'" for path in house.lake.files(ORDERS))
    bare = (
        "SELECT customer_id, count(*) - 1 AS frequency, max(day) - min(day) AS recency, "
        f"DATE '{day}' - min(day) AS age, min(day) AS first_on, max(day) AS last_on, "
        "sum(revenue) - arg_min(revenue, day) AS spend "
        "FROM (SELECT customer_id, ordered_on AS day, sum(revenue) AS revenue "
        f"FROM read_parquet([{listed}]) JOIN {people.get_name()} USING (identity_id) "
        "WHERE status NOT IN ('cancelled', 'returned') GROUP BY ALL) GROUP BY customer_id"
    )
    return Questions(
        ours=summary.summary(summary.purchase_days(bought), as_of=day),
        bare=bare,
        counted=bought.select("customer_id", "revenue", day=bought.ordered_on),
        day=str(day),
    )


def _beside(
    interpreter: str, house: Warehouse, asked: Questions, table: pa.Table, through: float
) -> None:
    """The same orders as one table of transactions, by four ways, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.parquet"
        orders = house.engine.arrow(asked.counted)
        pq.write_table(orders.set_column(2, "day", orders["day"].cast(pa.timestamp("s"))), file)
        del orders
        sides = {
            "lifetimes": (interpreter, PEER),
            "summarised": (sys.executable, NOTEBOOK),
            "DuckDB, one thread": (sys.executable, ALONE.replace("THREADS", "1")),
            "DuckDB, two threads": (sys.executable, ALONE.replace("THREADS", "2")),
        }
        told = {}
        for name, (python, program) in sides.items():
            child = run([python, "-c", program + TELL, str(file), asked.day])
            told[name] = json.loads(child.output.splitlines()[-1])
    sums = [pc.sum(table[name]).as_py() for name in SUMS]
    print("of the same orders as one table; frequency, recency and T add up to the same:")
    for name, one in told.items():
        assert one["customers"] == table.num_rows, (name, one["customers"])
        assert one["sums"] == sums, (name, one["sums"], sums)
        print(f"  {name:<24} {one['seconds']:8.2f} s CPU {one['memory']:8.2f} GB")
    peer, notebook = told["lifetimes"], told["summarised"]
    bare = min(one["seconds"] for name, one in told.items() if name.startswith("DuckDB"))
    ratio("lifetimes / summarised, CPU (target 5)", peer["seconds"] / notebook["seconds"])
    ratio("summarised / bare DuckDB query (target 1.3)", notebook["seconds"] / bare)
    ratio("memory / that of lifetimes (target 1)", notebook["memory"] / peer["memory"])
    ours = float(run([sys.executable, "-m", "bench.summary", ONCE]).output)
    ratio("lifetimes / summary of the warehouse, CPU", peer["seconds"] / through)
    ratio("lifetimes / bare DuckDB query, CPU", peer["seconds"] / bare)
    ratio("memory of the warehouse's / that of lifetimes", ours / peer["memory"])


if __name__ == "__main__":
    sys.exit(main())
