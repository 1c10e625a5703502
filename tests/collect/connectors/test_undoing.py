"""An import taken back leaves what was there before it."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from joren.collect.connectors import contracts, selectors, services
from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as orders
from joren.collect.orders.contracts import VersionsGone
from joren.collect.orders.services import compact_facts, recover
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from tests.collect.killing import killed

pytestmark = pytest.mark.django_db(transaction=True)

_HEADER = "order_id,date,customer_number,email,sku,price,quantity,status\n"
_FIRST = _HEADER + (
    "A,2026-10-01,1,a@example.com,x,100,1,paid\n"
    "A,2026-10-01,1,a@example.com,y,50,1,paid\n"
    "B,2026-10-02,2,,x,100,2,paid\n"
    "C,2026-10-03,3,c@example.com,x,never,1,paid\n"
)
# A is changed, B is known, D is new, and e-mail a@ proves customers 1 and 2 to be one.
_SECOND = _HEADER + (
    "A,2026-10-01,1,a@example.com,x,100,3,shipped\n"
    "B,2026-10-02,2,,x,100,2,paid\n"
    "D,2026-10-04,2,a@example.com,x,100,2,paid\n"
    "E,2026-10-05,5,e@example.com,x,100,2,paid\n"
    "F,2026-10-05,6,f@example.com,x,-100,2,paid\n"
    "G,2026-10-05,7,g@example.com,x,soon,2,paid\n"
)


def _came(folder: Path, text: str, kind: contracts.Kind = "orders") -> int:
    path = folder / "file.csv"
    path.write_text(text)
    return services.import_file(path, kind=kind, store="own").import_id


def _state() -> dict[str, Any]:
    """Everything that is known: facts in their newest versions, people, and rows that wait."""
    house = warehouse()

    def rows(table: Any) -> list[Any]:
        return sorted((tuple(map(str, row.values())) for row in house.engine.rows(table)), key=str)

    return {
        "orders": rows(orders.orders(house)),
        "lines": rows(orders.order_lines(house)),
        "refunds": rows(orders.refunds(house)),
        "products": rows(orders.products(house)),
        "person_of": sorted(map(str, customers.person_of(house).to_pylist())),
        "people": [
            customers.customers_among([row["customer_id"]])
            for row in customers.person_of(house).to_pylist()
        ],
        "waiting": [(row.row, row.value) for row in selectors.quarantine().items],
    }


def test_orders_people_and_waiting_rows_are_as_they_were_before(home: Path, tmp_path: Path) -> None:
    _came(tmp_path, _FIRST)
    before = _state()
    second = _came(tmp_path, _SECOND)
    after = _state()

    services.undo_import(second, actor="alice")
    services.undo_import(second, actor="alice")

    assert after != before
    assert _state() == before
    assert selectors.import_state(second).status == "undone"
    _came(tmp_path, _SECOND)
    assert len(_state()["orders"]) == len(after["orders"])


def test_the_file_before_is_taken_back_after_the_one_that_stands_on_it(
    home: Path, tmp_path: Path
) -> None:
    first, second = _came(tmp_path, _FIRST), _came(tmp_path, _SECOND)

    with pytest.raises(contracts.ImportedSince):
        services.undo_import(first, actor="alice")
    services.undo_import(second, actor="alice")
    services.undo_import(first, actor="alice")

    state = _state()
    assert not any(state.values())
    with pytest.raises(contracts.NothingToUndo):
        services.undo_import(_refused(tmp_path), actor="alice")


def _refused(folder: Path) -> int:
    with pytest.raises(contracts.FileEmpty):
        _came(folder, "")
    return selectors.imports().items[0].id


def test_a_catalogue_returns_to_the_word_before_and_a_repaired_row_waits_again(
    home: Path, tmp_path: Path
) -> None:
    _came(tmp_path, "sku,price,cost\nx,100,40\n", "products")
    _came(tmp_path, _FIRST)
    before = _state()
    products = _came(tmp_path, "sku,price,cost\nx,100,50\nz,10,\n", "products")
    (bad,) = selectors.quarantine().items
    (retried,) = services.retry_quarantine([bad.id], repairs={bad.id: {"price": "5"}})

    services.undo_import(retried.import_id, actor="alice")
    services.undo_import(products, actor="alice")

    assert _state() == before


def test_versions_that_compaction_removed_cannot_come_back(home: Path, tmp_path: Path) -> None:
    _came(tmp_path, _FIRST)
    second = _came(tmp_path, _SECOND)
    compact_facts(warehouse(), now=clock.now())
    before = _state()

    with pytest.raises(VersionsGone):
        services.undo_import(second, actor="alice")

    assert _state() == before


_KILLED = """
import os, sys, django
django.setup()
from joren.collect.connectors import services
from joren.collect.customers.services import forgetting
from joren.warehouse.journal import Journal
from joren.warehouse.lake import Lake
def dies(kept, left):
    def call(*args, **words):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), 9)
        return kept(*args, **words)
    return call
die = os.environ["DIE"]
if die == "before":
    Journal.promise = dies(Journal.promise, [0])
elif die == "people":
    forgetting._remove_customers = dies(forgetting._remove_customers, [0])
else:
    Lake.exchange = dies(Lake.exchange, [int(die)])
services.undo_import(int(sys.argv[1]), actor="alice")
"""


@pytest.mark.parametrize("die", ["before", "1", "people"])
def test_kill_9_leaves_the_import_in_or_taken_back(die: str, home: Path, tmp_path: Path) -> None:
    _came(tmp_path, _FIRST)
    before = _state()
    second = _came(tmp_path, _SECOND)
    after = _state()

    ended = killed(_KILLED, str(second), home=home, DIE=die)
    with warehouse().journal.lock():
        recover(warehouse())

    assert ended == -signal.SIGKILL
    assert _state() == (after if die == "before" else before)
    services.undo_import(second, actor="alice")
    assert _state() == before


def test_programs_take_back_with_the_right_to_import(
    home: Path, tmp_path: Path, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    number = _came(tmp_path, _FIRST)

    refused = bob_the_viewer.post(f"/api/imports/{number}/undo")
    taken = alice_the_admin.post(f"/api/imports/{number}/undo")
    again = alice_the_admin.post(f"/api/imports/{number + 1}/undo")

    assert (refused.status_code, taken.status_code, again.status_code) == (403, 200, 404)
    assert taken.json()["status"] == "undone"
    assert selectors.undoable() is None
