"""What is asked about facts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from joren.collect.customers.services import store_named
from joren.collect.orders import selectors
from joren.collect.orders.contracts import ORDER_LINES
from joren.collect.orders.services import take_orders
from joren.core.tables import TableSpec
from joren.plumbing.warehouse import warehouse
from tests.collect.orders.rows import lines_file

pytestmark = pytest.mark.django_db(transaction=True)

_WITHOUT_DAYS = TableSpec(
    ORDER_LINES.name,
    {name: kind for name, kind in ORDER_LINES.columns.items() if name != "ordered_on"},
)


@pytest.fixture
def bought(home: Path, tmp_path: Path) -> None:
    """Three orders of customer 7 on two days, and one of somebody else."""
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    rows = [
        {"order_number": "A1", "ordered_at": march, "customer_number": "7", "sku": "x"},
        {"order_number": "A1", "ordered_at": march, "customer_number": "7", "sku": "y"},
        {"order_number": "A2", "ordered_at": march, "customer_number": "8", "sku": "x"},
        {"order_number": "A3", "ordered_at": april, "customer_number": "7", "sku": "z"},
    ]
    stores = {"": store_named("own", currency="JPY")}
    take_orders(warehouse(), lines_file(tmp_path, *rows), stores, import_id=1, zone="Asia/Tokyo")


def test_the_orders_of_one_customer_come_newest_first_with_their_lines(bought: None) -> None:
    assert _orders_of_7() == [("A3", ["z"]), ("A1", ["x", "y"])]


def test_lines_that_do_not_say_their_day_are_found(bought: None) -> None:
    house = warehouse()
    files = house.lake.files(ORDER_LINES)
    older = house.engine.write(house.facts(ORDER_LINES), house.scratch, _WITHOUT_DAYS)
    house.lake.exchange(ORDER_LINES, files, older, same_rows=True)

    assert _orders_of_7() == [("A3", ["z"]), ("A1", ["x", "y"])]


def _orders_of_7() -> list[tuple[str, list[str]]]:
    house = warehouse()
    (first, *_) = selectors.identities_with_order(house, "A1")
    found = selectors.orders_under(house, [first], limit=10).items
    return [(one["order_number"], [line["sku"] for line in one["items"]]) for one in found]
