"""Orders in: grouped, valued, found again, replaced, and never half."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from joren.collect.customers import selectors as customers
from joren.collect.customers.services import store_named, undo_merge
from joren.collect.orders import selectors
from joren.collect.orders.contracts import Taken
from joren.collect.orders.services import recover, take_orders
from joren.plumbing.warehouse import warehouse
from tests.collect.killing import killed
from tests.collect.orders.rows import lines_file

pytestmark = pytest.mark.django_db(transaction=True)


def _take(folder: Path, *rows: dict[str, Any], number: int = 1, store: str = "own") -> Taken:
    kept = store_named(store, currency="JPY")
    path = lines_file(folder, *rows)
    return take_orders(warehouse(), path, {"": kept}, import_id=number, zone="Asia/Tokyo")


def _orders() -> list[dict[str, Any]]:
    house = warehouse()
    return house.engine.rows(selectors.orders(house).order_by("order_number"))


def test_the_lines_of_one_number_are_one_order(home: Path, tmp_path: Path) -> None:
    taken = _take(
        tmp_path,
        {"order_number": "A1", "unit_price": 2500, "quantity": 2, "sku": "x", "total": 5550,
         "shipping_charged": 550},
        {"order_number": "A1", "unit_price": 0, "sku": "y"},
    )  # fmt: skip

    assert taken == Taken(accepted=2, unchanged=0, updated=0, unreconciled=0)
    assert [(o["lines"], o["revenue"], o["main_sku"]) for o in _orders()] == [(2, 5550, "x")]


def test_tax_inside_the_prices_is_no_revenue(home: Path, tmp_path: Path) -> None:
    _take(tmp_path, {"order_number": "A1", "unit_price": 1080, "tax_rate": 800,
                     "tax_included": True, "shipping_charged": 550, "total": 1630})  # fmt: skip

    assert [(o["tax"], o["revenue"], o["unreconciled"]) for o in _orders()] == [(130, 1500, 0)]


def test_points_and_the_malls_coupon_do_not_lower_revenue(home: Path, tmp_path: Path) -> None:
    _take(tmp_path, {"order_number": "A1", "unit_price": 5000, "points_used": 300,
                     "mall_discount": 500, "order_discount": 200, "total": 4800})  # fmt: skip

    assert [(o["revenue"], o["unreconciled"]) for o in _orders()] == [(4800, 0)]


def test_a_total_that_does_not_add_up_says_by_how_much(home: Path, tmp_path: Path) -> None:
    taken = _take(tmp_path, {"order_number": "A1", "unit_price": 1000, "total": 1001})

    assert (taken.unreconciled, _orders()[0]["unreconciled"]) == (1, 1)


def test_the_same_file_again_changes_nothing(home: Path, tmp_path: Path) -> None:
    row = {"order_number": "A1", "customer_number": "7"}
    _take(tmp_path, row)

    assert _take(tmp_path, row, number=2) == Taken(0, 1, 0, 0)
    assert [o["import_id"] for o in _orders()] == [1]


def test_a_newer_version_replaces_the_order_and_its_lines(home: Path, tmp_path: Path) -> None:
    _take(tmp_path, {"order_number": "A1"}, {"order_number": "A1", "sku": "gone"})

    taken = _take(tmp_path, {"order_number": "A1", "status": "cancelled"}, number=2)

    house = warehouse()
    lines = house.engine.rows(selectors.order_lines(house))
    assert (taken.updated, len(lines)) == (1, 1)
    assert [(o["status"], o["revenue"]) for o in _orders()] == [("cancelled", 0)]


def test_an_older_export_does_not_undo_a_newer_one(home: Path, tmp_path: Path) -> None:
    newer, older = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    _take(tmp_path, {"order_number": "A1", "status": "cancelled", "updated_at": newer})

    taken = _take(tmp_path, {"order_number": "A1", "updated_at": older}, number=2)

    assert (taken.unchanged, _orders()[0]["status"]) == (1, "cancelled")


AD = {"source": "google", "medium": "cpc", "campaign": "spring"}


def _came() -> list[tuple[Any, ...]]:
    return [(o["source"], o["medium"], o["campaign"], o["status"], o["coupon_code"], o["total"])
            for o in _orders()]  # fmt: skip


def test_a_version_without_a_source_keeps_the_one_that_is_known(home: Path, tmp_path: Path) -> None:
    known = {"order_number": "A1", "coupon_code": "A", "total": 1000, **AD}
    _take(tmp_path, known, {"order_number": "A2", "total": 500})

    later = _take(tmp_path, {"order_number": "A1", "status": "shipped", "total": 900},
                  {"order_number": "A1", "sku": "more"},
                  {"order_number": "A2", "total": 500}, number=2)  # fmt: skip
    again = _take(tmp_path, {"order_number": "A1", "status": "shipped", "total": 900},
                  {"order_number": "A1", "sku": "more"}, number=3)  # fmt: skip

    assert (later.updated, later.unchanged, again.unchanged) == (2, 1, 2)
    assert _came() == [
        ("google", "cpc", "spring", "shipped", None, 900),
        (None, None, None, "completed", None, 500),
    ]  # fmt: skip
    assert [o["lines"] for o in _orders()] == [2, 1]


def test_a_source_that_comes_later_is_taken_and_another_replaces_it(
    home: Path, tmp_path: Path
) -> None:
    _take(tmp_path, {"order_number": "A1", "coupon_code": "A"})
    first = _take(tmp_path, {"order_number": "A1", "coupon_code": "A", **AD}, number=2)
    same = _take(tmp_path, {"order_number": "A1", "coupon_code": "A"}, number=3)
    other = _take(tmp_path, {"order_number": "A1", "source": "line"}, number=4)

    assert (first.updated, same.unchanged, other.updated) == (1, 1, 1)
    assert [one[:3] + one[4:5] for one in _came()] == [("line", None, None, None)]


def test_of_another_store_nothing_is_taken_over(home: Path, tmp_path: Path) -> None:
    _take(tmp_path, {"order_number": "A1", **AD})

    _take(tmp_path, {"order_number": "A1"}, number=2, store="mall")

    assert sorted(one[0] or "" for one in _came()) == ["", "google"]


def test_equal_rows_of_a_bare_log_are_two_orders_and_stable(home: Path, tmp_path: Path) -> None:
    rows = [{"customer_number": "1"}, {"customer_number": "1"}]
    _take(tmp_path, *rows)

    assert _take(tmp_path, *rows, number=2).unchanged == 2
    assert len(_orders()) == 2


def test_an_order_of_less_than_nothing_is_a_credit_note(home: Path, tmp_path: Path) -> None:
    _take(tmp_path, {"order_number": "C1", "quantity": -2, "customer_number": "1"})

    house = warehouse()
    notes = house.engine.rows(selectors.refunds(house))
    assert (_orders(), [note["amount"] for note in notes]) == ([], [2000])


def test_one_person_is_found_in_two_stores_by_name_and_phone(home: Path, tmp_path: Path) -> None:
    me = {"name": "山田 太郎", "phone": "+819012345678"}
    _take(tmp_path, {"order_number": "A1", "customer_number": "7", **me})
    _take(tmp_path, {"order_number": "R1", **me}, number=2, store="rakuten")

    assert customers.count() == 1
    assert [found.name for found in customers.search("5678")] == ["山田 太郎"]


def test_two_who_prove_to_be_one_are_merged_and_can_be_parted_again(
    home: Path, tmp_path: Path
) -> None:
    _take(tmp_path, {"order_number": "A1", "customer_number": "7"},
          {"order_number": "A2", "email": "taro@example.com"})  # fmt: skip
    both = {"order_number": "A3", "customer_number": "7", "email": "taro@example.com"}
    _take(tmp_path, both, number=2)
    merged = customers.count()
    merge = customers.merges_of(customers.everybody(limit=1)[0].id)[0]

    undo_merge(merge.id, by="alice")
    _take(tmp_path, {**both, "order_number": "A4"}, number=3)

    assert (merged, customers.count()) == (1, 2)


_IN_TWO_STORES = [
    {"store": name, "order_number": "A1", "customer_number": "7"} for name in ("own", "rakuten")
]
_KILLED = """
import os, sys, django
django.setup()
from pathlib import Path
from joren.warehouse.lake import Lake
from joren.collect.customers.services import store_named
from joren.collect.orders.services import take_orders
from joren.plumbing.warehouse import warehouse
if os.environ["DIE"] == "before":
    import joren.warehouse.journal as journal
    journal.Journal.promise = lambda *_: os.kill(os.getpid(), 9)
else:
    kept, left = Lake.append, [int(os.environ["DIE"])]
    def append(*args, **words):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), 9)
        kept(*args, **words)
    Lake.append = append
stores = {name: store_named(name, currency="JPY") for name in ("own", "rakuten")}
take_orders(warehouse(), Path(sys.argv[1]), stores, import_id=1, zone="Asia/Tokyo")
"""


@pytest.mark.parametrize(("die", "orders"), [("before", 0), ("0", 2), ("1", 2)])
def test_kill_9_leaves_the_state_before_or_after_in_both_stores(
    die: str, orders: int, home: Path, tmp_path: Path
) -> None:
    path = lines_file(tmp_path, *_IN_TWO_STORES)
    ended = killed(_KILLED, str(path), home=home, DIE=die)

    with warehouse().journal.lock():
        recover(warehouse())

    assert ended == -signal.SIGKILL
    assert (len(_orders()), customers.count()) == (orders, orders)
    taken = _take(tmp_path, {"order_number": "A1", "customer_number": "7"}, number=2)
    assert (taken.accepted, taken.unchanged) == ((0, 1) if orders else (1, 0))


def test_the_stores_of_one_import_come_in_together(home: Path, tmp_path: Path) -> None:
    path = lines_file(tmp_path, *_IN_TWO_STORES)
    stores = {name: store_named(name, currency="JPY") for name in ("own", "rakuten")}

    taken = take_orders(warehouse(), path, stores, import_id=1, zone="Asia/Tokyo")
    again = take_orders(warehouse(), path, stores, import_id=2, zone="Asia/Tokyo")

    # One number in two stores: two orders, and two customers until something joins them.
    assert (taken.accepted, again.unchanged, len(_orders()), customers.count()) == (2, 2, 2, 2)
