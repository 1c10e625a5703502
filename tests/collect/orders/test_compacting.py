"""Facts in few files: the answers stay, readers are not disturbed, what was replaced goes."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from joren.collect.customers.services import store_named
from joren.collect.orders import selectors
from joren.collect.orders.contracts import ORDER_LINES, ORDERS, SUPERSEDED
from joren.collect.orders.services import compact_facts, take_orders
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from joren.warehouse.compaction import SEVERAL
from joren.warehouse.lake import LONGEST_READ_HOURS
from tests.collect.orders.rows import lines_file

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def replaced(home: Path, tmp_path: Path) -> None:
    """Two orders, of which the first came again with another line."""
    _take(tmp_path, 1, {"order_number": "A1", "sku": "old"}, {"order_number": "A2", "sku": "x"})
    _take(tmp_path, 2, {"order_number": "A1", "sku": "new"})


def _take(folder: Path, number: int, *rows: dict[str, Any]) -> None:
    stores = {"": store_named("own", currency="JPY")}
    path = lines_file(folder, *rows)
    take_orders(warehouse(), path, stores, import_id=number, zone="Asia/Tokyo")


def _skus() -> list[str]:
    house = warehouse()
    lines = selectors.order_lines(house)
    return sorted(row["sku"] for row in house.engine.rows(lines.select("sku")))


def _rows(*specs: Any) -> list[int]:
    house = warehouse()
    return [
        house.engine.rows(house.facts(spec).count().name("n").as_table())[0]["n"] for spec in specs
    ]


def test_replaced_versions_go_and_the_answers_stay(replaced: None) -> None:
    before = _skus()

    done = compact_facts(warehouse(), now=clock.now())

    assert (done.rewritten, done.forgotten) == (2, 0)
    assert _skus() == before == ["new", "x"]
    assert _rows(ORDERS, ORDER_LINES) == [2, 2]


def test_a_reader_who_began_before_finds_every_file_and_every_entry(replaced: None) -> None:
    house = warehouse()
    lines = selectors.order_lines(house)

    compact_facts(house, now=clock.now())

    assert sorted(row["sku"] for row in house.engine.rows(lines.select("sku"))) == ["new", "x"]
    assert _rows(SUPERSEDED) == [1]


def test_the_list_of_replaced_versions_empties_after_the_longest_read(replaced: None) -> None:
    compact_facts(warehouse(), now=clock.now())
    soon = clock.now() + timedelta(hours=LONGEST_READ_HOURS - 1)
    late = clock.now() + timedelta(hours=LONGEST_READ_HOURS + 1)

    assert compact_facts(warehouse(), now=soon).forgotten == 0
    assert compact_facts(warehouse(), now=late).forgotten == 1
    assert _rows(SUPERSEDED) == [0]
    assert _skus() == ["new", "x"]


def test_an_order_is_replaced_after_a_compaction_as_before(replaced: None, tmp_path: Path) -> None:
    compact_facts(warehouse(), now=clock.now())

    _take(tmp_path, 3, {"order_number": "A1", "sku": "newest"})

    assert _skus() == ["newest", "x"]


def test_the_folder_may_have_any_name(home: Path, tmp_path: Path, settings: Settings) -> None:
    settings.JOREN_WAREHOUSE = str(tmp_path / "山田 shop (株)" / "warehouse")
    _take(tmp_path, 1, {"order_number": "A1", "sku": "old"})
    _take(tmp_path, 2, {"order_number": "A1", "sku": "new"})

    compact_facts(warehouse(), now=clock.now())

    assert _skus() == ["new"]
    assert _rows(ORDERS) == [1]


@pytest.mark.slow
def test_small_files_are_joined_and_old_ones_removed(home: Path, tmp_path: Path) -> None:
    house = warehouse()
    for number in range(1, SEVERAL + 1):
        _take(tmp_path, number, {"order_number": f"A{number}", "sku": str(number)})
    skus = _skus()

    done = compact_facts(house, now=clock.now())

    assert done.joined[ORDERS.name] == SEVERAL
    assert len(house.lake.files(ORDERS)) == 1
    assert _skus() == skus
    old = time.time() - (LONGEST_READ_HOURS + 1) * 3600
    for path in house.lake.folder(ORDERS).glob("*.parquet"):
        os.utime(path, (old, old))
    house.lake.vacuum(ORDERS, hours=0)
    assert len(list(house.lake.folder(ORDERS).glob("*.parquet"))) == 1
