from __future__ import annotations

from pathlib import Path

import pytest

from joren.collect.connectors import contracts, selectors, services
from joren.project.simulation import simulate_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    simulate_shop(customers=3000, seed=1, out=folder)
    return folder


@pytest.mark.parametrize(
    ("file", "kind", "repeated"),
    [
        ("orders_own_shop.csv", "orders", 3),
        ("orders_rakuten.csv", "orders", 0),
        ("customers.csv", "customers", 0),
        ("products.csv", "products", 0),
        ("ad_spend.csv", "ad_spend", 0),
        ("refunds.csv", "refunds", 0),
    ],
)
def test_every_row_of_the_demo_shop_comes_in(
    home: Path, demo: Path, file: str, kind: contracts.Kind, repeated: int
) -> None:
    report = services.import_file(demo / file, kind=kind)

    assert report.quarantined == 0
    assert report.read == report.accepted + report.unchanged + report.updated
    assert report.unchanged == repeated
    assert not [notice for notice in report.notices if "differ" in notice]


def test_the_same_file_again_changes_nothing(home: Path, demo: Path) -> None:
    first = services.import_file(demo / "orders_own_shop.csv", kind="orders")

    again = services.import_file(demo / "orders_own_shop.csv", kind="orders")

    assert (again.read, again.unchanged) == (first.read, first.read)


def test_a_repaired_row_comes_in_with_the_rest_of_its_order(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,date,sku,price,quantity\n"
        "a,2026-10-01,x,100,1\na,2026-10-01,y,many,1\nb,2026-10-01,x,100,1\n"
    )
    report = services.import_file(path, kind="orders")
    bad = next(row for row in selectors.quarantine().items if row.value == "many")

    (retried,) = services.retry_quarantine([bad.id], repairs={bad.id: {"price": "50"}})

    assert (report.accepted, report.quarantined) == (1, 2)
    assert (retried.read, retried.accepted) == (2, 2)
    assert selectors.quarantine().items == ()


def test_a_dropped_row_waits_no_more(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\n1,never,5\n2,2026-10-01,5\n")
    services.import_file(path, kind="orders")

    dropped = services.drop_quarantine([row.id for row in selectors.quarantine().items])

    assert dropped == 1
    assert selectors.quarantine().items == ()


def test_a_refused_file_leaves_its_reason_and_nothing_else(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("")

    with pytest.raises(contracts.FileEmpty):
        services.import_file(path, kind="orders")

    (refused,) = selectors.imports().items
    assert (refused.status, refused.code) == ("refused", "FileEmpty")
