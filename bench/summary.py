"""The customer summary on a home that is there, against the DuckDB query one would write by hand.

``python -m bench.summary``; ``JOREN_HOME`` names the home. Both read the same Parquet files into
memory; who each identity is comes from the database before the clock starts.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

ROUNDS = 5


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    # Django's own parts can be read only now.
    from joren.collect.customers import selectors as customers
    from joren.collect.orders import selectors as facts
    from joren.collect.orders.contracts import ORDERS
    from joren.plumbing.warehouse import warehouse
    from joren.understand.ltv.rules import purchases as counting
    from joren.understand.ltv.rules import summary
    from joren.understand.ltv.services import Facts

    house = warehouse()
    with house.engine.session() as holding:
        people = holding.take(customers.person_of(house))
        known = Facts(
            orders=facts.orders(house),
            order_lines=facts.order_lines(house),
            refunds=facts.refunds(house),
            products=facts.products(house),
            person_of=people,
        )
        orders = known.orders
        (last,) = house.engine.rows(orders.agg(on=orders.ordered_on.max()))
        day = last["on"]
        bought = counting.purchases(
            known, counting.known_orders(known, as_of=day), as_of=day, currency="JPY"
        )
        ours = summary.summary(summary.purchase_days(bought), as_of=day)
        listed = ", ".join(f"'{path}'" for path in house.lake.files(ORDERS))
        bare = (
            "SELECT customer_id, count(*) - 1 AS frequency, max(day) - min(day) AS recency, "
            f"DATE '{day}' - min(day) AS age, min(day) AS first_on, max(day) AS last_on, "
            "sum(revenue) - arg_min(revenue, day) AS spend "
            "FROM (SELECT customer_id, ordered_on AS day, sum(revenue) AS revenue "
            f"FROM read_parquet([{listed}]) JOIN {people.get_name()} USING (identity_id) "
            "WHERE status NOT IN ('cancelled', 'returned') GROUP BY ALL) GROUP BY customer_id"
        )
        by_hand, rows = _timed(lambda: house.engine.raw.sql(bare).to_arrow_table())
        through, table = _timed(lambda: house.engine.arrow(ours))
        assert rows.num_rows == table.num_rows, (rows.num_rows, table.num_rows)
        print(
            f"summary of {table.num_rows:,} customers, CPU: {through:.2f} s, {by_hand:.2f} s bare"
        )
        print(f"{'summary / bare DuckDB query (target 1.5)':<55} {through / by_hand:10.4f}")
    return 0


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    seconds, result = [], work()  # once to warm up
    for _ in range(ROUNDS):
        begun = time.process_time()
        result = work()
        seconds.append(time.process_time() - begun)
    return statistics.median(seconds), result


if __name__ == "__main__":
    sys.exit(main())
