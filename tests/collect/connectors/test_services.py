from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from joren.collect.connectors import contracts, selectors, services
from joren.collect.orders import selectors as orders
from joren.collect.orders.contracts import RatesIntoNothing
from joren.plumbing.warehouse import warehouse
from joren.project.simulation import simulate_shop, simulate_world

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


def test_every_row_of_a_world_of_known_truth_comes_in(home: Path, tmp_path: Path) -> None:
    done = simulate_world("discount", out=tmp_path, customers=300)

    kinds: tuple[contracts.Kind, ...] = ("customers", "products", "orders")
    reports = [services.import_file(tmp_path / f"{kind}.csv", kind=kind) for kind in kinds]

    assert [one.accepted for one in reports] == [300, 1, done.orders]
    assert not any(one.quarantined for one in reports)


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


def test_rates_come_in_by_day_and_currency_and_the_last_word_holds(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(
        "date,currency,rate\n2026-10-01,USD,149.25\n2026-10-02,usd,0\n2026-10-02,,150\n"
        "2026-10-02,KWD,488.123456789012\n"
    )
    first = services.import_file(path, kind="rates", currency="JPY")
    path.write_text("日付,通貨,レート,換算先\n2026/10/01,USD,149.5,JPY\n2026/10/01,USD,0.9,EUR\n")
    second = services.import_file(path, kind="rates", currency="JPY")

    kept = orders.rates(warehouse())

    assert kept is not None
    assert (first.accepted, first.quarantined) == (2, 2)
    assert (second.accepted, second.updated) == (1, 1)
    found = warehouse().engine.rows(kept.order_by("day", "currency", "in_currency"))
    assert [(row["currency"], row["in_currency"], row["rate"]) for row in found] == [
        ("USD", "EUR", Decimal("0.9")),
        ("USD", "JPY", Decimal("149.5")),
        ("KWD", "JPY", Decimal("488.123456789012")),
    ]


def test_rates_that_name_no_currency_to_be_in_are_in_that_of_most_orders(
    home: Path, tmp_path: Path
) -> None:
    rates, log = tmp_path / "rates.csv", tmp_path / "orders.csv"
    rates.write_text("date,currency,rate\n2026-10-01,USD,0.9\n")
    log.write_text("customer,date,amount\n1,2026-10-01,5.50\n")

    with pytest.raises(RatesIntoNothing):
        services.import_file(rates, kind="rates")
    services.import_file(log, kind="orders", currency="EUR")
    services.import_file(rates, kind="rates")

    kept = orders.rates(warehouse())
    assert kept is not None
    assert [row["in_currency"] for row in warehouse().engine.rows(kept)] == ["EUR"]
