from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from joren.core.errors import BadInput
from joren.project.simulation import Simulated, simulate_orders, simulate_shop
from tests.project.simulation.conftest import Shop, own_orders, read

MORE_THAN_ONE_PART = 8300


def _digests(simulated: Simulated) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in simulated.files}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first = simulate_shop(customers=MORE_THAN_ONE_PART, seed=3, out=tmp_path / "a")
    again = simulate_shop(customers=MORE_THAN_ONE_PART, seed=3, out=tmp_path / "b")

    assert _digests(first) == _digests(again)


def test_another_seed_writes_another_shop(tmp_path: Path) -> None:
    first = _digests(simulate_shop(customers=200, seed=3, out=tmp_path / "a"))
    other = _digests(simulate_shop(customers=200, seed=4, out=tmp_path / "b"))

    same = {name for name in first if first[name] == other[name]}
    assert same == {"products.csv"}


def test_the_summary_counts_what_stands_in_the_files(shop: Shop) -> None:
    lines = sum(map(len, shop.own.values())) + sum(map(len, shop.mall.values()))
    rows = len(shop.rows("orders_own_shop.csv"))

    assert shop.summary.orders == len(shop.own) + len(shop.mall)
    assert shop.summary.lines == lines
    assert shop.summary.repeated_rows == rows - sum(map(len, shop.own.values()))
    assert shop.summary.refunds == len(shop.rows("refunds.csv"))


def test_numbers_run_on_from_part_to_part(tmp_path: Path) -> None:
    simulate_shop(customers=MORE_THAN_ONE_PART, seed=5, out=tmp_path)

    orders = own_orders(tmp_path)
    customers = [row["customer_number"] for row in read(tmp_path / "customers.csv")]
    serials = {int(number.split("-")[1]) for number in orders}
    assert serials == set(range(1, len(orders) + 1))
    assert customers == sorted(set(customers))


def test_each_part_is_on_disk_before_the_next_is_drawn(tmp_path: Path) -> None:
    sizes: list[int] = []

    def look(done: int, total: int) -> None:
        sizes.append((tmp_path / "orders_own_shop.csv").stat().st_size)

    simulate_orders(
        customers=3 * 8192, seed=1, out=tmp_path, orders_per_customer=2.0, on_progress=look
    )

    assert len(sizes) == 3
    assert 0 < 1.5 * sizes[0] < sizes[1] < sizes[2]


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    simulate_shop(
        customers=MORE_THAN_ONE_PART,
        seed=1,
        out=tmp_path,
        on_progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(8192, MORE_THAN_ONE_PART), (MORE_THAN_ONE_PART, MORE_THAN_ONE_PART)]


def test_a_broken_run_leaves_no_truth(tmp_path: Path) -> None:
    simulate_shop(customers=50, seed=1, out=tmp_path)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_shop(customers=50, seed=1, out=tmp_path, on_progress=stop)

    assert not (tmp_path / "truth.json").exists()


def test_history_ends_with_the_as_of_day_even_on_a_leap_day(tmp_path: Path) -> None:
    simulate_shop(customers=3000, seed=2, out=tmp_path, as_of=date(2028, 2, 29))

    days = {lines[0]["ordered_at"][:10] for lines in own_orders(tmp_path).values()}
    assert max(days) == "2028-02-29"
    assert min(days) >= "2025-03-02"


def test_one_customer_is_a_shop(tmp_path: Path) -> None:
    simulated = simulate_shop(customers=1, seed=1, out=tmp_path)

    assert simulated.customers == 1
    assert simulated.orders >= 1


@pytest.mark.parametrize(("customers", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_an_impossible_size_is_refused(tmp_path: Path, customers: int, seed: int) -> None:
    with pytest.raises(BadInput):
        simulate_shop(customers=customers, seed=seed, out=tmp_path / "none")

    assert not (tmp_path / "none").exists()


def test_an_impossible_history_is_refused_with_the_possible(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"0\.5 orders per customer") as refusal:
        simulate_shop(customers=10, seed=1, out=tmp_path, orders_per_customer=0.5)

    assert refusal.value.hint.startswith("this shop can have 1.")


def test_a_benchmark_gets_the_size_it_asks_for(tmp_path: Path) -> None:
    simulated = simulate_orders(customers=20_000, seed=1, out=tmp_path)

    assert simulated.orders / simulated.customers == pytest.approx(5.0, rel=0.05)
    assert simulated.lines / simulated.orders == pytest.approx(2.4, rel=0.03)
    assert {file.name for file in simulated.files} == {"orders_own_shop.csv", "truth.json"}


def test_a_benchmark_has_one_store(tmp_path: Path) -> None:
    simulate_orders(customers=500, seed=1, out=tmp_path)

    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    stores = {line["store"] for lines in own_orders(tmp_path).values() for line in lines}
    assert stores == {store["store"] for store in truth["stores"]} == {"own"}
