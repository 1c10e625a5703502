"""What ``segments`` does in processes of their own: write a shop, refresh, preview, look."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any, NamedTuple
from unittest import mock

import django
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.generating import DAYS, FIRST, purchases

LAST = FIRST + timedelta(days=DAYS - 1)
EVENTS_EACH, EDITS = 20, 20
_NAMES = ["Product Viewed", "Product Added", "Cart Viewed", "Checkout Started"]


def main(verb: str, customers: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    {"write": _write, "refresh": _refresh, "preview": _preview, "look": _look}[verb](int(customers))


def _write(customers: int) -> None:
    from django.conf import settings
    from django.core.management import call_command

    from joren.collect.customers.models import Customer
    from joren.collect.orders.contracts import ORDER_LINES, ORDERS

    for database in settings.DATABASES:
        call_command("migrate", verbosity=0, database=database)
    chance = np.random.default_rng(7)
    Customer.objects.bulk_create(
        (Customer(pk=n, prefecture=("東京都", "大阪府", "北海道")[n % 3])
         for n in range(1, customers + 1)),
        batch_size=5_000,
    )  # fmt: skip
    seconds, buyers = purchases(chance, customers)
    who, n = buyers + 1, buyers.size
    number = np.arange(n)
    revenue = np.round(chance.lognormal(8, 0.6, n)).astype(np.int64)
    opened = int(datetime.combine(FIRST, clock_time(), UTC).timestamp())
    moments, days = _arrow(opened + seconds)
    sku = _words(chance, [f"sku-{one}" for one in range(240)], n)
    category = _words(chance, ["豆", "粉", "器具", "ギフト"], n)
    _append(ORDERS, {
        "order_id": number, "import_id": np.ones(n, np.int64), "identity_id": who,
        "store_id": np.ones(n, np.int64), "ordered_at": moments, "ordered_on": days,
        "status": pa.repeat("paid", n), "currency": pa.repeat("JPY", n),
        "free": pa.repeat(False, n), "goods": revenue, "total": revenue, "revenue": revenue,
        "main_sku": sku, "main_category": category,
    })  # fmt: skip
    _append(ORDER_LINES, {
        "order_id": number, "import_id": np.ones(n, np.int64), "line": np.ones(n, np.int64),
        "ordered_on": days, "sku": sku, "category": category,
        "quantity": chance.integers(1, 5, n), "amount": revenue,
    })  # fmt: skip
    _events(chance, chance.integers(1, customers + 1, customers * EVENTS_EACH), first=0)


def _events(chance: np.random.Generator, who: Any, *, first: int, days: int = DAYS) -> None:
    from joren.collect.inbox.contracts import EVENTS

    moments, on = _times(chance, who.size, days)
    _append(EVENTS, {
        "event_id": np.arange(first, first + who.size), "type": pa.repeat("track", who.size),
        "name": _words(chance, _NAMES, who.size), "occurred_at": moments, "occurred_on": on,
        "received_at": moments, "identity_id": who,
        "sku": _words(chance, [f"sku-{one}" for one in range(240)], who.size),
        "category": _words(chance, ["豆", "粉", "器具", "ギフト"], who.size),
    })  # fmt: skip


def _times(chance: np.random.Generator, n: int, days: int = DAYS) -> tuple[Any, Any]:
    end = datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC)
    seconds = int((end - timedelta(days=days)).timestamp()) + np.sort(
        chance.integers(0, days * 86_400, n)
    )
    return _arrow(seconds)


def _arrow(seconds: Any) -> tuple[Any, Any]:
    """Moments and days of seconds since 1970."""
    on = pa.array((seconds // 86_400).astype(np.int32)).cast(pa.date32())
    return pa.array(seconds * 1_000_000).cast(pa.timestamp("us", "UTC")), on


def _words(chance: np.random.Generator, words: list[str], n: int) -> Any:
    places = pa.array(chance.integers(0, len(words), n).astype(np.int16))
    return pa.DictionaryArray.from_arrays(places, words).dictionary_decode()


def _append(spec: Any, columns: dict[str, Any]) -> None:
    from joren.plumbing.warehouse import warehouse

    house = warehouse()
    path = house.scratch / f"{spec.name}-{time.time_ns()}.parquet"
    pq.write_table(pa.table(columns), path)
    house.lake.append(spec, [path], key=path.stem)
    path.unlink()


def _rule(revenue: int = 10_000) -> Any:
    from joren.decide.segments.contracts import All, Bought, Did, Is, Window

    return All((
        Bought("revenue", "at_least", (revenue,), window=Window(last_days=365)),
        Did("Product Added", "times", "at_least", (1,), window=Window(last_days=90),
            but_not="order"),
        Bought("quantity", "at_least", (2,), (Is("category", "is", ("豆",)),)),
        Is("decile", "is", ("1", "2", "3", "4", "5")),
        Is("prefecture", "is", ("東京都",)),
    ))  # fmt: skip


def _refresh(customers: int) -> None:
    from joren.decide.segments import selectors, services
    from joren.plumbing.warehouse import warehouse
    from tests.project.refreshing import refreshed

    for number in range(50):
        services.create(f"segment {number}", _rule(1_000 * (number + 1)), by="bench")
    report = refreshed(as_of=LAST)
    told = selectors.report(warehouse().snapshots.all()[-1])
    assert told is not None
    assert not any(one.error for one in told.segments)
    ours = sum(one.seconds for one in told.segments)
    bare = [_timed(lambda n=n: _bare(1_000 * (n + 1))) for n in range(50)]
    alone = sum(one.wall for one in bare)
    print(f"{customers:,} customers; refresh {report.seconds:.1f} s, "
          f"its step of segments {report.steps['segments']:.1f} s")  # fmt: skip
    print(f"fifty segments {ours:.2f} s, bare {alone:.2f} s, ratio {ours / alone:.2f}")


def _preview(_customers: int) -> None:
    from joren.decide.segments import selectors

    cold = _timed(lambda: selectors.preview(_rule()))
    edits = [_timed(lambda n=n: selectors.preview(_rule(20_000 + n))) for n in range(EDITS)]
    worth = [_timed(lambda n=n: selectors.against_rest(_rule(20_000 + n))) for n in range(EDITS)]
    shared = [_timed(lambda n=n: selectors.overlaps(_rule(20_000 + n))) for n in range(EDITS)]
    bare = [_timed(lambda n=n: _bare(20_000 + n)) for n in range(EDITS)]
    found = selectors.preview(_rule()).customers
    assert found == _bare(10_000)
    edited, alone = _p95(edits), _p95(bare)
    print(f"then beside the others, 95th percentile: value {_p95(worth)}, "
          f"overlap with {len(selectors.segments())} segments {_p95(shared)}")  # fmt: skip
    print(f"preview of five conditions, cold {cold}; one edited, 95th percentile {edited}")
    print(f"bare query of the five, 95th percentile {alone}; of processor time the preview takes "
          f"{cold.cpu / alone.cpu:.2f} cold and {edited.cpu / alone.cpu:.2f} edited")  # fmt: skip


def _look(customers: int) -> None:
    from joren.collect.customers import selectors as people
    from joren.decide.segments import services
    from tests.project.refreshing import everybody

    for number in range(1, 11):
        services.follow_live(number, by="bench")
    with mock.patch.object(people, "person_of", everybody):
        first = _timed(lambda: services.look_live(today=LAST))
        chance = np.random.default_rng(8)
        _events(chance, chance.integers(1, customers + 1, 1_000), first=10**9, days=1)
        then = _timed(lambda: services.look_live(today=LAST))
        idle = _timed(lambda: services.look_live(today=LAST))
    print(f"look at ten segments: first {first}, a thousand touched {then}, nobody {idle}")


class _Taken(NamedTuple):
    """Seconds by the clock, and of the processor in all threads."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.3f} s ({self.cpu:.3f} s CPU)"


def _timed(work: Callable[[], Any]) -> _Taken:
    begun, used = time.perf_counter(), time.process_time()
    work()
    return _Taken(time.perf_counter() - begun, time.process_time() - used)


def _p95(taken: list[_Taken]) -> _Taken:
    place = int(0.95 * len(taken)) - 1
    return _Taken(sorted(one.wall for one in taken)[place], sorted(one.cpu for one in taken)[place])


def _bare(revenue: int) -> int:
    """The five conditions as one writes them by hand, over the same files."""
    from joren.collect.customers.contracts import TRAITS
    from joren.collect.inbox.contracts import EVENTS
    from joren.collect.orders.contracts import ORDER_LINES
    from joren.decide.segments.contracts import IDENTITIES, PURCHASED
    from joren.plumbing.warehouse import warehouse
    from joren.understand.ranks.contracts import CUSTOMER_RANKS

    house = warehouse()
    snapshot = house.snapshots.next_id() - 1
    t = {
        spec.name: f"read_parquet({list(house.lake.files(spec, snapshot=of))})"
        for spec, of in (
            (PURCHASED, snapshot), (TRAITS, snapshot), (CUSTOMER_RANKS, snapshot),
            (IDENTITIES, snapshot), (ORDER_LINES, None), (EVENTS, None),
        )
    }  # fmt: skip
    (row,) = house.embedded.raw.execute(f"""
        WITH last AS (SELECT customer_id, max(ordered_at) AS stopped FROM {t["segment_purchases"]} GROUP BY 1)
        SELECT count(*) FROM {t["traits"]} WHERE prefecture = '東京都'
        AND customer_id IN (SELECT customer_id FROM {t["segment_purchases"]}
            WHERE ordered_on > DATE '{LAST}' - 365 AND ordered_on <= DATE '{LAST}'
            GROUP BY 1 HAVING sum(revenue) >= {revenue})
        AND customer_id IN (SELECT customer_id FROM {t["events"]} JOIN {t["segment_identities"]} USING (identity_id)
            LEFT JOIN last USING (customer_id) WHERE name = 'Product Added'
            AND occurred_on > DATE '{LAST}' - 90 AND occurred_on <= DATE '{LAST}'
            AND (stopped IS NULL OR occurred_at > stopped))
        AND customer_id IN (SELECT customer_id FROM {t["order_lines"]} JOIN {t["segment_purchases"]} USING (order_id)
            WHERE category = '豆' GROUP BY 1 HAVING sum(quantity) >= 2)
        AND customer_id IN (SELECT customer_id FROM {t["customer_ranks"]} WHERE decile <= 5)
    """).fetchall()  # noqa: E501 (a statement reads best in one piece)
    return int(row[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
