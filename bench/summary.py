"""The customer summary on a home that is there, against the DuckDB query one would write by hand.

``python -m bench.summary``; ``JOREN_HOME`` names the home. Both read the same Parquet files into
memory; who each identity is comes from the database before the clock starts. `LIFETIMES_PYTHON`
names the interpreter of an environment of its own in which `lifetimes` is installed: it is handed
the orders that count as one Parquet file with the customer, and every sum has to be ours. Memory is
the most that a whole process held, start of Python (here of Django too) included.
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

from bench.measuring import most_memory, on_processor, run
from joren.warehouse import Holding, Warehouse

ROUNDS = 5
ONCE = "once"
SUMS = ("frequency", "recency", "T")
PEER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pandas as pd
from lifetimes.utils import summary_data_from_transaction_data
begun = time.process_time()
found = summary_data_from_transaction_data(
    pd.read_parquet(sys.argv[1]), "customer_id", "day", "revenue", freq="D",
    observation_period_end=sys.argv[2],
)
seconds = time.process_time() - begun
most = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 2**20
print(json.dumps({"seconds": seconds, "memory": most, "customers": len(found),
                  "sums": [int(found[name].sum()) for name in ("frequency", "recency", "T")]}))
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
        print(f"{'summary / bare DuckDB query (target 1.3)':<55} {through / by_hand:10.4f}")
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
    """lifetimes on the same orders, and the memory of each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.parquet"
        orders = house.engine.arrow(asked.counted)
        pq.write_table(orders.set_column(2, "day", orders["day"].cast(pa.timestamp("s"))), file)
        del orders
        peer = run([interpreter, "-c", PEER, str(file), asked.day])
    told = json.loads(peer.output.splitlines()[-1])
    sums = [pc.sum(table[name]).as_py() for name in SUMS]
    assert told["customers"] == table.num_rows, told["customers"]
    assert told["sums"] == sums, (told["sums"], sums)
    ours = float(run([sys.executable, "-m", "bench.summary", ONCE]).output)
    print(f"lifetimes, CPU: {told['seconds']:.2f} s; frequency, recency and T add up to the same")
    print(f"{'lifetimes / summary, CPU (target 5)':<55} {told['seconds'] / through:10.4f}")
    print(f"memory: {ours:.2f} GB, lifetimes {told['memory']:.2f} GB")
    print(f"{'memory / that of lifetimes (target 1)':<55} {ours / told['memory']:10.4f}")


if __name__ == "__main__":
    sys.exit(main())
