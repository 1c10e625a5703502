"""Keys of orders: what homes have kept must be found under the same number for ever."""

from __future__ import annotations

from hashlib import md5

import duckdb
import ibis
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.orders.rules import key_of
from joren.collect.orders.selectors import order_id_of

_ENGINE = ibis.duckdb.from_connection(duckdb.connect())


def _key(store: int, number: str) -> int:
    key = key_of(ibis.literal(store, type="int64"), ibis.literal(number))
    return int(_ENGINE.raw_sql(_ENGINE.compile(key)).fetchone()[0])


def test_the_key_of_an_order_is_the_one_that_homes_have_kept() -> None:
    assert _key(1, "A00000001") == 1122520849376445553


@given(st.integers(1, 99), st.text(st.characters(categories=("L", "N", "P")), max_size=20))
def test_a_key_is_the_second_half_of_the_md5_read_backwards(store: int, number: str) -> None:
    digest = md5(f"{store}\x1f{number}".encode(), usedforsecurity=False).digest()

    assert _key(store, number) == int.from_bytes(digest[8:], "little") % (2**63 - 1)
    assert _key(store, number) == order_id_of(store, number)
