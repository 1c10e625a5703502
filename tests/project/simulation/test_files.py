from __future__ import annotations

import csv
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from joren.project.simulation import own_shop_file, rakuten_file, simulate_shop
from tests.project.simulation.conftest import Row, Shop, mall_orders, own_orders


def _whole(row: Row, *columns: str) -> list[int]:
    return [int(row[column]) for column in columns]


def _own_difference(lines: list[Row]) -> int:
    order = lines[0]
    goods = sum(int(row["unit_price"]) * int(row["quantity"]) for row in lines)
    discounts = sum(int(row["line_discount"]) for row in lines) + int(order["order_discount"])
    return goods - discounts + int(order["shipping_charged"]) - int(order["total"])


def _mall_differences(lines: list[Row]) -> set[int]:
    order = lines[0]
    goods, whole, charged, postage = _whole(
        order, "商品合計金額", "合計金額", "請求金額", "送料合計"
    )
    points, coupons, shop, mall = _whole(
        order,
        "ポイント利用額",
        "クーポン利用総額",
        "店舗発行クーポン利用額",
        "楽天発行クーポン利用額",
    )
    items = sum(int(row["単価"]) * int(row["個数"]) for row in lines)
    return {
        items - goods,
        goods + postage - whole,
        whole - points - coupons - charged,
        shop + mall - coupons,
    }


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**40), st.integers(1, 150))
def test_every_order_reconciles_to_the_yen(seed: int, customers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        simulate_shop(customers=customers, seed=seed, out=out)
        own, mall = own_orders(out), mall_orders(out)

    assert {_own_difference(lines) for lines in own.values()} <= {0}
    assert set().union(*(_mall_differences(lines) for lines in mall.values())) <= {0}


def test_order_columns_are_the_same_in_every_line(shop: Shop) -> None:
    of_the_line = set(own_shop_file.COLUMNS[10:19])

    for lines in shop.own.values():
        heads = {
            tuple(cell for name, cell in row.items() if name not in of_the_line) for row in lines
        }
        assert len(heads) == 1


def test_an_order_has_one_line_per_product(shop: Shop) -> None:
    for lines in shop.own.values():
        assert len({row["sku"] for row in lines}) == len(lines)


def test_nobody_pays_less_than_nothing(shop: Shop) -> None:
    assert all(
        int(lines[0]["points_used"]) <= int(lines[0]["total"]) for lines in shop.own.values()
    )
    assert all(int(lines[0]["請求金額"]) >= 0 for lines in shop.mall.values())


def test_the_mall_file_has_the_107_quoted_columns_in_cp932(shop: Shop) -> None:
    raw = (shop.summary.out / "orders_rakuten.csv").read_bytes()

    text = raw.decode("cp932")
    rows = text.split("\r\n")
    assert len(rakuten_file.COLUMNS) == len(set(rakuten_file.COLUMNS)) == 107
    assert next(csv.reader([rows[0]])) == list(rakuten_file.COLUMNS)
    assert text.count("\n") == text.count("\r\n")
    assert rows[-1] == ""
    assert all(row[0] == row[-1] == '"' for row in rows[:-1])
    assert {len(cells) for cells in csv.reader(rows[:-1])} == {107}


def test_mall_addresses_are_masked_and_order_numbers_have_their_shape(shop: Shop) -> None:
    first = [lines[0] for lines in shop.mall.values()]

    assert all(row["注文者メールアドレス"].endswith("@pc.fw.rakuten.ne.jp") for row in first)
    assert all(row["注文番号"].split("-")[1] == row["注文日"].replace("-", "") for row in first)
    assert {row["ステータス"] for row in first} <= {"300", "500", "700", "900"}


def test_the_own_shop_writes_to_example_domains_only(shop: Shop) -> None:
    domains = {row["email"].split("@")[1] for row in shop.rows("customers.csv")}

    assert domains == {"example.com", "example.net", "example.org"}


def _person(name: str, phone: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", name).removesuffix("様").replace(" ", "")
    return plain, "".join(sign for sign in unicodedata.normalize("NFKC", phone) if sign.isdigit())


def test_a_customer_of_both_stores_is_found_by_name_and_phone(shop: Shop) -> None:
    own = {_person(rows[0]["name"], rows[0]["phone"]) for rows in shop.own.values()}
    mall = {
        _person(
            rows[0]["注文者姓"] + rows[0]["注文者名"],
            "".join(rows[0][f"注文者電話番号{part}"] for part in "123"),
        )
        for rows in shop.mall.values()
    }

    both = {person for person in own & mall if person[1]}
    assert 30 <= len(both) <= 300


def test_no_two_customers_share_a_phone(shop: Shop) -> None:
    phones = Counter(
        _person("", row["phone"])[1] for row in shop.rows("customers.csv") if row["phone"]
    )

    assert set(phones.values()) == {1}
    assert {len(phone) for phone in phones} == {11}


def test_some_people_write_as_people_do(shop: Shop) -> None:
    customers = shop.rows("customers.csv")

    assert any(row["name"].endswith("様") for row in customers)
    assert any("　" in row["name"] for row in customers)
    assert any(not row["phone"] for row in customers)
    assert any(row["phone"] and not row["phone"].isascii() for row in customers)
    assert any("\uff61" <= row["name_kana"][0] <= "\uff9f" for row in customers), (
        "no half-width kana"
    )
    assert shop.summary.repeated_rows > 0


def test_refunds_belong_to_orders_that_were_paid(shop: Shop) -> None:
    totals = {n: int(rows[0]["total"]) for n, rows in shop.own.items()} | {
        n: int(rows[0]["合計金額"]) for n, rows in shop.mall.items()
    }
    cancelled = {n for n, rows in shop.own.items() if rows[0]["status"] == "cancelled"} | {
        n for n, rows in shop.mall.items() if rows[0]["ステータス"] == "900"
    }

    for refund in shop.rows("refunds.csv"):
        assert 0 < int(refund["amount"]) <= totals[refund["order_number"]]
        assert refund["order_number"] not in cancelled
        assert refund["refunded_at"] <= "2026-10-31"


def test_advertising_costs_what_the_customers_cost(shop: Shop) -> None:
    spent: Counter[str] = Counter()
    for row in shop.rows("ad_spend.csv"):
        spent[row["source"]] += int(row["spend"])

    for source in shop.truth["sources"]:
        assert abs(spent[source["source"]] - source["cac"] * source["customers"]) <= 2


def test_a_paid_first_order_names_a_campaign_that_was_paid_for(shop: Shop) -> None:
    paid = {(row["source"], row["campaign"]) for row in shop.rows("ad_spend.csv")}
    named = {
        (rows[0]["source"], rows[0]["campaign"])
        for rows in shop.own.values()
        if rows[0]["source"] in {"google", "instagram"}
    }

    assert named <= paid


def test_products_with_commas_and_quotes_survive(shop: Shop) -> None:
    catalogue = {row["sku"]: row["name"] for row in shop.rows("products.csv")}

    sold = {(row["sku"], row["product_name"]) for rows in shop.own.values() for row in rows}
    in_the_mall = {(row["商品番号"], row["商品名"]) for rows in shop.mall.values() for row in rows}
    assert sold | in_the_mall <= set(catalogue.items())
    assert any("," in name for name in dict(sold).values())
    assert any('"' in name for name in dict(in_the_mall).values())
