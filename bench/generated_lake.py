"""A large shop where an import would have left it: orders in the lake, people in the database.

Orders of ``generating``, each with cost, main product and source, and beside them the deliveries of
contracts (定期) of one customer in twenty. People have a place, a source and a day of registration,
but neither name nor contact; there are no order lines. The same size gives the same shop.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.generating import DAYS, FIRST, PRODUCTS, purchases
from joren.collect.customers import models
from joren.collect.orders.contracts import ORDERS
from joren.plumbing.bulk import filling, insert_missing
from joren.warehouse import Warehouse

PIECE = 5_000_000
"""Orders of one file."""
CONTRACTS = 20
"""Of so many customers one has a contract."""
_OPENED = int(datetime.combine(FIRST, time(), UTC).timestamp())
_PREFECTURES = "東京都 大阪府 神奈川県 愛知県 埼玉県 千葉県 兵庫県 北海道 福岡県 静岡県".split()
_SOURCES = "google line direct".split()
_MEDIA = "cpc social none".split()
_CATEGORIES = "豆 粉 ドリップ 器具 ギフト".split()


def write_orders(house: Warehouse, customers: int, *, seed: int = 7) -> int:
    """Returns how many. The identity of each is its customer's number, from 1."""
    chance = np.random.default_rng(seed)
    seconds, who, number = _all_orders(chance, customers)
    files = []
    for begin in range(0, who.size, PIECE):
        some = np.s_[begin : begin + PIECE]
        ordered = begin + np.lexsort((seconds[some], who[some]))  # as the lake keeps them
        rows = _rows(chance, ordered, seconds[ordered], who[ordered], number[ordered])
        files.append(house.scratch / f"orders-{begin}.parquet")
        pq.write_table(rows, files[-1], row_group_size=122_880)
    house.lake.append(ORDERS, files, key="scale")
    for file in files:
        file.unlink()
    return int(who.size)


def write_people(house: Warehouse, customers: int) -> None:
    """Everybody, each with one identity of the same number."""
    with (
        filling(models.Customer, customers, house.scratch / "customers.json"),
        filling(
            models.Identity,
            customers,
            house.scratch / "identities.json",
            pointing={"customer_id": models.Customer},
        ),
    ):
        for ids in _parts(customers):
            insert_missing(models.Customer, _people(ids))
            keys = pa.array([f"n:1:{one}" for one in ids.tolist()])
            insert_missing(models.Identity, pa.table({"id": ids, "key": keys, "customer_id": ids}))


def _all_orders(chance: np.random.Generator, customers: int) -> tuple[Any, Any, Any]:
    """Seconds, customer and number within the contract (0: of none), in the order of time."""
    bought, buyer = purchases(chance, customers)
    delivered, subscriber, number = _deliveries(chance, customers)
    seconds, who = np.concatenate([bought, delivered]), np.concatenate([buyer, subscriber])
    number = np.concatenate([np.zeros(bought.size, np.int64), number])
    order = np.argsort(seconds, kind="stable")
    return seconds[order], who[order], number[order]


def _deliveries(chance: np.random.Generator, customers: int) -> tuple[Any, Any, Any]:
    """Until each is given up, by chances that differ between people: shifted beta-geometric."""
    mine = np.arange(CONTRACTS // 2, customers, CONTRACTS)
    begins = np.sqrt(chance.uniform(0, 1, mine.size)) * (DAYS - 1)
    interval = chance.choice((28, 30, 60), mine.size)
    kept = chance.geometric(np.maximum(chance.beta(1.2, 8, mine.size), 1e-3))
    count = np.minimum(kept, ((DAYS - 1 - begins) // interval).astype(np.int64) + 1)
    place = np.repeat(np.arange(mine.size), count)
    number = np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    at = begins[place] + number * interval[place] + chance.uniform(0, 2, place.size)
    seconds = (np.minimum(at, DAYS - 1e-4) * 86_400).astype(np.int64)
    return seconds, mine[place], number + 1


def _rows(chance: np.random.Generator, order: Any, seconds: Any, who: Any, number: Any) -> pa.Table:
    revenue = np.round(chance.lognormal(8, 0.6, order.size)).astype(np.int64)
    product = (who * 7 + chance.integers(0, 12, order.size)) % PRODUCTS
    single = pa.array(number == 0)  # of no contract
    moments = pa.array((_OPENED + seconds) * 1_000_000)
    return pa.table(
        {
            "order_id": order,
            "import_id": np.ones(order.size, np.int64),
            "identity_id": who + 1,
            "store_id": 1 + np.where(number > 0, who, order) % 2,
            "ordered_at": moments.cast(pa.timestamp("us", "UTC")),
            "ordered_on": pa.array(((_OPENED + seconds) // 86_400).astype(np.int32)).cast(
                pa.date32()
            ),
            "status": _words(order % 80 == 0, ["paid", "cancelled"]),
            "currency": pa.repeat("JPY", order.size),
            "free": pa.repeat(False, order.size),
            "goods": revenue,
            "total": revenue,
            "revenue": revenue,
            "goods_cost": np.round(revenue * (0.3 + 0.2 * (product % 5) / 4)).astype(np.int64),
            "shipping_borne": np.zeros(order.size, np.int64),
            "payment_fee": np.zeros(order.size, np.int64),
            "source": _words(who % len(_SOURCES), _SOURCES),
            "medium": _words(who % len(_MEDIA), _MEDIA),
            "main_sku": _words(product, [f"SKU{one:04}" for one in range(PRODUCTS)]),
            "main_category": _words(product % len(_CATEGORIES), _CATEGORIES),
            "subscription_id": _unless(single, pa.array(who).cast(pa.string())),
            "subscription_number": _unless(single, pa.array(number)),
        }
    )


def _words(places: Any, words: list[str]) -> pa.Array:
    indices = pa.array(np.asarray(places, dtype=np.int16))
    return pa.DictionaryArray.from_arrays(indices, words).dictionary_decode()


def _unless(without: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(without, pa.scalar(None, values.type), values)


def _parts(customers: int, size: int = 500_000) -> Iterator[Any]:
    for begin in range(1, customers + 1, size):
        yield np.arange(begin, min(begin + size, customers + 1))


def _people(ids: Any) -> pa.Table:
    empty = pa.repeat("", ids.size)
    days = pa.array((_OPENED + ids % DAYS * 86_400) * 1_000_000)
    return pa.table(
        {
            "id": ids,
            "prefecture": _words(ids % len(_PREFECTURES), _PREFECTURES),
            "acquisition_source": _words(ids % len(_SOURCES), _SOURCES),
            "gender": empty,
            "search_grams": empty,
            "registered_at": days.cast(pa.timestamp("us", "UTC")),
        }
    )
