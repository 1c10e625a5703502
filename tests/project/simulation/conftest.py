"""One simulated shop for all tests that only read: quick to make, large enough to count."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from joren.project.simulation import Simulated, simulate_shop

Row = dict[str, str]


def read(path: Path, encoding: str = "utf-8") -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def own_orders(out: Path) -> dict[str, list[Row]]:
    """Lines by order number, each line once however often the file repeats it."""
    orders: dict[str, list[Row]] = {}
    for row in dict.fromkeys(tuple(row.items()) for row in read(out / "orders_own_shop.csv")):
        cells = dict(row)
        orders.setdefault(cells["order_number"], []).append(cells)
    return orders


def mall_orders(out: Path) -> dict[str, list[Row]]:
    orders: dict[str, list[Row]] = {}
    for row in read(out / "orders_rakuten.csv", "cp932"):
        orders.setdefault(row["注文番号"], []).append(row)
    return orders


@dataclass(frozen=True)
class Shop:
    summary: Simulated
    own: dict[str, list[Row]]
    mall: dict[str, list[Row]]
    truth: dict[str, Any]

    def rows(self, name: str) -> list[Row]:
        return read(self.summary.out / name)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    out = tmp_path_factory.mktemp("shop")
    summary = simulate_shop(customers=5000, seed=11, out=out)
    truth = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    return Shop(summary, own_orders(out), mall_orders(out), truth)
