"""Refunds, whichever of them and their orders comes first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from joren.collect.customers.services import store_named
from joren.collect.orders import selectors
from joren.collect.orders.contracts import Taken
from joren.collect.orders.services import take_orders, take_refunds
from joren.plumbing.warehouse import warehouse
from tests.collect.orders.rows import lines_file

pytestmark = pytest.mark.django_db(transaction=True)

_TAXED = {"order_number": "A1", "unit_price": 1100, "tax_rate": 1000, "tax_included": True,
          "customer_number": "7"}  # fmt: skip


def _orders(folder: Path, *rows: dict[str, Any], number: int) -> Taken:
    kept = store_named("own", currency="JPY")
    path = lines_file(folder, *rows)
    return take_orders(warehouse(), path, {"": kept}, import_id=number, zone="Asia/Tokyo")


def _refunds(folder: Path, *amounts: tuple[str, int], number: int) -> Taken:
    path = folder / f"refunds-{uuid4().hex}.parquet"
    said = [
        {"source_row": place, "order_number": order, "amount": amount, "currency": "JPY",
         "refunded_at": datetime(2026, 11, 23, 3, tzinfo=UTC)}
        for place, (order, amount) in enumerate(amounts, 1)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(said), path)
    store = store_named("own", currency="JPY")
    return take_refunds(warehouse(), {store: [path]}, import_id=number, zone="Asia/Tokyo")


def _kept() -> list[tuple[int, bool]]:
    house = warehouse()
    rows = house.engine.rows(selectors.refunds(house).order_by("refund_id"))
    return [(row["amount"], row["identity_id"] is not None) for row in rows]


def test_an_order_that_comes_after_its_refund_takes_the_tax_out(home: Path, tmp_path: Path) -> None:
    taken = _refunds(tmp_path, ("A1", 1100), number=1)
    before = _kept()
    _orders(tmp_path, _TAXED, number=2)

    assert taken == Taken(1, 0, 0, 0, without_order=1)
    assert (before, _kept()) == ([(1100, False)], [(1000, True)])
    assert _refunds(tmp_path, ("A1", 1100), number=3) == Taken(0, 1, 0, 0)


def test_either_order_of_arrival_gives_the_same(home: Path, tmp_path: Path) -> None:
    _orders(tmp_path, _TAXED, number=1)
    _refunds(tmp_path, ("A1", 550), number=2)

    assert _kept() == [(500, True)]


def test_a_newer_word_on_the_order_is_one_on_what_its_refund_takes_off(
    home: Path, tmp_path: Path
) -> None:
    _orders(tmp_path, _TAXED, number=1)
    _refunds(tmp_path, ("A1", 1100), number=2)
    _orders(tmp_path, {**_TAXED, "status": "returned"}, number=3)

    # Of a returned order nothing is left that a refund could take off once more.
    assert _kept() == [(0, True)]
