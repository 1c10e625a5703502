"""EC-CUBE's export as version 4 writes it: the charges of an order are rows of their own."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from joren.collect.connectors import services
from joren.collect.orders import selectors
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = (
    "注文ID", "注文番号", "会員ID", "お名前(姓)", "お名前(名)", "郵便番号", "都道府県(ID)",
    "都道府県(名称)", "住所1", "住所2", "メールアドレス", "TEL", "小計", "値引き", "送料", "税金",
    "合計", "支払合計", "対応状況(ID)", "対応状況(名称)", "受注日", "商品名", "商品コード", "価格",
    "個数", "税率", "明細区分(ID)", "明細区分(名称)", "送料",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    name: str
    price: int
    pieces: int = 1
    rate: int = 10
    kind: tuple[str, str] = ("1", "商品")


SHIPPING = Item("送料", 550, kind=("2", "送料"))
CHARGE = Item("手数料", 330, kind=("3", "手数料"))
POINTS = Item("ポイント", -50, rate=0, kind=("6", "ポイント"))


def test_rows_of_charges_are_no_goods_and_everything_comes_to_the_total(
    home: Path, tmp_path: Path
) -> None:
    items = [SHIPPING, Item("珈琲", 1980, 2, 8), Item("マグ", 76), CHARGE, POINTS]

    report = taken(tmp_path, items, subtotal=4360, off=110, tax=469, total=5080)

    (order,) = orders()
    assert (report.read, report.accepted, report.quarantined) == (5, 5, 0)
    assert not [notice for notice in report.notices if "differ" in notice]
    assert (order["lines"], order["goods"], order["unreconciled"]) == (2, 4360, 0)
    assert (order["order_discount"], order["shipping_charged"]) == (110, 550)
    assert (order["fees_charged"], order["points_used"], order["total"]) == (330, 50, 5130)
    assert order["revenue"] == 4360 - 110 + 550 - 469


@pytest.mark.parametrize(("subtotal", "missed"), [(4360, 0), (4358, 0), (4300, -60)])
def test_a_shop_that_rounds_otherwise_comes_to_its_own_sum(
    home: Path, tmp_path: Path, subtotal: int, missed: int
) -> None:
    items = [Item("珈琲", 1980, 2, 8), Item("マグ", 76)]

    taken(tmp_path, items, subtotal=subtotal, tax=320, total=subtotal + 550)

    (order,) = orders()
    assert (order["goods"], order["unreconciled"]) == (subtotal - missed, missed)


def test_an_order_without_a_product_is_kept(home: Path, tmp_path: Path) -> None:
    report = taken(tmp_path, [SHIPPING, CHARGE], subtotal=0, tax=80, total=880)

    assert (report.read, report.accepted) == (2, 2)
    assert [order["lines"] for order in orders()] == [1]


def taken(
    folder: Path, items: Sequence[Item], *, subtotal: int, tax: int, total: int, off: int = 0
) -> Any:
    first = (
        "12", "12", "7", "髙橋", "花子", "1500001", "13", "東京都", "渋谷区", "1-1",
        "h@example.com", "0312345678", subtotal, off, 550, tax, total, total, "5", "発送済み",
        "2026-10-03 12:00:00",
    )  # fmt: skip
    path = folder / "order_20261003.csv"
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for one in items:
            own = (one.name, "x", one.price, one.pieces, one.rate, *one.kind, 550)
            writer.writerow([*first, *own])
    return services.import_file(path, kind="orders", store="s")


def orders() -> list[dict[str, Any]]:
    house = warehouse()
    return house.engine.rows(selectors.orders(house))
