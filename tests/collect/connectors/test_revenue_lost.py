"""Cancelled and paid back orders bring no revenue, also when only a later file says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from joren.collect.connectors import contracts, services
from joren.collect.connectors.formats.known import format_named
from joren.collect.orders import selectors
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Told:
    """A row of an order, whose parts in braces change with what is told of it.

    ``lost`` are ways to say that it brings nothing, ``half`` that half was paid back.
    """

    header: str
    row: str
    good: Mapping[str, str]
    lost: tuple[Mapping[str, str], ...]
    half: tuple[Mapping[str, str], ...] = ()


TOLD = {
    "shopify": Told(
        "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
        "Cancelled at,Refunded Amount,Lineitem quantity,Lineitem name,Lineitem price",
        "#{n},{paid},JPY,1000,0,0,1000,0,2026-10-01 09:00:00 +0900,{at},{back},1,x,1000",
        {"paid": "paid", "at": "", "back": "0"},
        (
            {"paid": "refunded", "at": "2026-10-02 09:00:00 +0900", "back": "1000"},
            {"paid": "voided", "at": "", "back": "0"},
            {"paid": "refunded", "at": "", "back": "1000"},
            {"paid": "refunded", "at": "", "back": ""},
        ),
        ({"paid": "partially_refunded", "at": "", "back": "500"},),
    ),
    "rakuten": Told(
        "注文番号,ステータス,注文日時,商品管理番号,単価,個数,合計金額",
        "s-20261001-{n},{state},2026-10-01 09:00:00,x,1000,{pieces},{total}",
        {"state": "700", "pieces": "1", "total": "1000"},
        (
            {"state": "900", "pieces": "1", "total": "1000"},
            {"state": "900", "pieces": "0", "total": "0"},
            {"state": "800", "pieces": "1", "total": "1000"},
        ),
    ),
    "yahoo": Told(
        "OrderId,OrderTime,OrderStatus,TotalPrice,UnitPrice,Quantity",
        "s-{n},2026-10-01T09:00:00+09:00,{state},{total},1000,1",
        {"state": "5", "total": "1000"},
        ({"state": "4", "total": "1000"}, {"state": "4", "total": "0"}),
    ),
    "amazon": Told(
        "amazon-order-id\tpurchase-date\torder-status\titem-status\tsku\tquantity\tcurrency\t"
        "item-price",
        "{n}\t2026-10-01T00:00:00+00:00\t{state}\t{item}\tx\t{pieces}\tJPY\t{price}",
        {"state": "Shipped", "item": "Shipped", "pieces": "1", "price": "1000"},
        (
            {"state": "Cancelled", "item": "Cancelled", "pieces": "0", "price": ""},
            {"state": "Cancelled", "item": "Cancelled", "pieces": "1", "price": "1000"},
            {"state": "Shipped", "item": "Cancelled", "pieces": "0", "price": "1000"},
        ),
    ),
    "ecforce": Told(
        "受注番号,顧客番号,対応状況,小計,支払い合計,受注日,購入商品（商品コード）",
        "a{n},7,{state},1000,1000,2026/10/01 09:00,x",
        {"state": "出荷済"},
        ({"state": "キャンセル"}, {"state": "返品"}),
    ),
    "eccube": Told(
        "注文ID,会員ID,合計,対応状況,受注日,商品コード,価格,個数",
        "{n},7,1000,{state},2026/10/01 09:00:00,x,1000,1",
        {"state": "発送済み"},
        ({"state": "注文取消し"}, {"state": "返品"}, {"state": "購入処理中"}),
    ),
    "makeshop": Told(
        "日付,注文時間,注文番号,処理状況,商品名,価格,数量",
        "2026/10/1,90000,P{n},{state},x,1000,1",
        {"state": "未処理"},
        ({"state": "注文キャンセル"}, {"state": "返送"}),
    ),
    "generic": Told(
        "注文番号,注文日,ステータス,金額,返金額",
        "A{n},2026/10/1,{state},1000,{back}",
        {"state": "完了", "back": ""},
        (
            {"state": "キャンセル", "back": ""},
            {"state": "返品", "back": "1000"},
            {"state": "完了", "back": "1000"},
        ),
        ({"state": "完了", "back": "¥500"},),
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_a_newer_export_calls_lost_brings_nothing(
    home: Path, tmp_path: Path, name: str
) -> None:
    told = TOLD[name]
    assert format_named("auto", tuple(re.split("[,\t]", told.header))).name == name
    newer = [*told.lost, *told.half]
    first = taken(tmp_path, told.header, *(told.row.format(n=n, **told.good) for n in count(newer)))
    before = kept()

    again = taken(
        tmp_path,
        told.header,
        *(told.row.format(n=n, **one) for n, one in zip(count(newer), newer, strict=True)),
    )

    assert (first.quarantined, again.quarantined) == (0, 0)
    assert (first.accepted, again.updated) == (len(newer), len(newer))
    assert set(before) in ({910}, {1000})  # with the tax in the price, or without
    assert kept() == [*[0] * len(told.lost), *[before[0] / 2] * len(told.half)]
    assert not [notice for notice in again.notices if "differ" in notice]


def test_a_refund_of_its_own_counts_at_its_date_and_leaves_the_order(
    home: Path, tmp_path: Path
) -> None:
    told = TOLD["rakuten"]
    taken(tmp_path, told.header, told.row.format(n=1, **told.good))
    row = "s-20261001-1,2026/10/20,300,返品"

    report = taken(tmp_path, "注文番号,返金日,返金額,理由", row, kind="refunds")

    (order,), (refund,) = orders(), refunds()
    assert (report.accepted, order["refunded"]) == (1, 0)
    assert refund["order_id"] == order["order_id"]
    assert (refund["refunded_on"], refund["amount"] > 0) == (date(2026, 10, 20), True)


@pytest.mark.parametrize(
    ("amount", "state"),
    [("-300", "返品"), ("△300", "返品"), ("(300)", "返品"), ("▲300", "返品"), ("-300", "取消")],
)
def test_a_credit_note_counts_at_its_own_date(
    home: Path, tmp_path: Path, amount: str, state: str
) -> None:
    header, back = "注文番号,注文日,ステータス,金額", f"C1,2026/10/20,{state},{amount}"
    taken(tmp_path, header, "A1,2026/10/1,完了,1000", back)

    (order,), (refund,) = orders(), refunds()
    assert (order["order_number"], order["revenue"]) == ("A1", 1000)
    assert (refund["refunded_on"], refund["amount"]) == (date(2026, 10, 20), 300)


def test_a_credit_note_under_the_number_of_its_order_leaves_the_order(
    home: Path, tmp_path: Path
) -> None:
    header, back = "注文番号,注文日,金額", "A1,2026/10/20,-300"
    taken(tmp_path, header, "A1,2026/10/1,1000")

    taken(tmp_path, header, back)
    again = taken(tmp_path, header, back, "A2,2026/10/2,500")

    first, _ = orders()
    (refund,) = refunds()
    assert (first["revenue"], refund["amount"], again.unchanged) == (1000, 300, 1)
    assert (refund["order_id"], refund["refunded_on"]) == (first["order_id"], date(2026, 10, 20))


def test_a_purchase_taken_back_in_a_log_counts_at_its_own_date(home: Path, tmp_path: Path) -> None:
    taken(tmp_path, "顧客番号,日付,金額", "7,2026/10/1,1000", "7,2026/10/20,-1000")

    (order,), (refund,) = orders(), refunds()
    assert order["revenue"] == refund["amount"] == 1000
    assert refund["refunded_on"] == date(2026, 10, 20)


def taken(
    folder: Path, header: str, *rows: str, kind: contracts.Kind = "orders"
) -> contracts.ImportReport:
    path = folder / "file.csv"
    path.write_text("\n".join((header, *rows, "")))
    return services.import_file(path, kind=kind, store="s")


def count(newer: list[Mapping[str, str]]) -> range:
    return range(1, len(newer) + 1)


def orders() -> list[dict[str, Any]]:
    house = warehouse()
    return house.engine.rows(selectors.orders(house).order_by("order_number"))


def refunds() -> list[dict[str, Any]]:
    house = warehouse()
    return house.engine.rows(selectors.refunds(house))


def kept() -> list[int]:
    """What each order brings, less what it says was paid back."""
    return [row["revenue"] - row["refunded"] for row in orders()]
