from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from joren.collect.connectors import contracts, parsing
from joren.collect.connectors.files import stage
from joren.collect.connectors.formats.known import format_named
from joren.warehouse import DuckDB

FILES = {
    "shopify": "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Zip,"
    "Billing City,Billing Address1,Billing Address2,Shipping Address1\n"
    "#1,a@x.jp,paid,JPY,4500,550,450,5500,500,2026-10-01 09:00:00 +0900,2,x,2500,"
    "'100-0001,千代田区,千代田1-1,4F,別の町9\n"
    "#1,a@x.jp,,,,,,,,2026-10-01 09:00:00 +0900,1,y,0,,,,,\n",
    "amazon": "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\tcurrency\titem-price\t"
    "shipping-price\n1\t2026-10-01T00:00:00+00:00\tShipped\tx\t2\tJPY\t3000\t500\n",
    "ecforce": "受注番号,顧客番号,小計,支払い合計,受注日,購入商品（商品コード）,定期回数,"
    "請求先郵便番号,請求先都道府県,請求先住所1,請求先住所2\n"
    'a,7,4296,4296,2026/10/01 09:00,"x,y",2,1000001,東京都,千代田区1-1,4F\n',
    "eccube": "注文ID,会員ID,お名前(姓),お名前(名),合計,対応状況,受注日,商品コード,価格,個数,"
    "都道府県,住所\n"
    "1,7,山田,太郎,1100,発送済み,2026/10/01 09:00:00,x,1000,1,東京都,千代田区1-1\n",
    "makeshop": "日付,注文時間,注文番号,処理状況,商品名,価格,数量\n"
    "2026/10/1,90000,P1,配送,x,1000,1\n",
    "yahoo": "OrderId,OrderTime,OrderStatus,BillLastName,BillFirstName,TotalPrice,"
    "UnitPrice,Quantity,BillCity,BillAddress1,BillAddress2\n"
    "s-1,2026-10-01T09:00:00+09:00,5,山田,太郎,1000,1000,1,千代田区,千代田1-1,4F\n",
}
SAYS: dict[str, dict[str, Any]] = {
    "shopify": {
        "order_discount": 500,
        "tax_included": False,
        "postal_code": "100-0001",
        "city": "千代田区",
        "street": "千代田1-1",
        "building": "4F",
    },
    "amazon": {"unit_price": 1500, "quantity": 2, "shipping_charged": 500, "status": "shipped"},
    "ecforce": {
        "total": 4296,
        "sku": "x",
        "subscription_number": 2,
        "customer_number": "7",
        "prefecture": "東京都",
        "street": "千代田区1-1",
        "building": "4F",
    },
    "eccube": {
        "name": "山田 太郎",
        "total": 1100,
        "status": "shipped",
        "tax_included": False,
        "street": "千代田区1-1",
    },
    "makeshop": {"unit_price": 1000, "status": "shipped", "order_number": "P1"},
    "yahoo": {
        "name": "山田 太郎",
        "total": 1000,
        "status": "completed",
        "city": "千代田区",
        "street": "千代田1-1",
        "building": "4F",
    },
}


@pytest.mark.parametrize("name", FILES)
def test_a_format_is_known_by_its_header_and_read(
    engine: DuckDB, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(FILES[name])
    staged = stage(engine, path, tmp_path / "work")
    known = format_named("auto", staged.columns)

    parsed = parsing.parse(
        engine,
        staged,
        known.canonical(staged.columns),
        "orders",
        zone="Asia/Tokyo",
        currency="JPY",
        latest=datetime(2026, 11, 23, tzinfo=UTC),
        store="s",
        workdir=tmp_path / "work",
    )

    assert (known.name, parsed.rejected.count) == (name, 0)
    for row in parsing.taken(engine, parsed):
        assert row["ordered_at"] == datetime(2026, 10, 1, tzinfo=UTC)
        assert {key: row[key] for key in SAYS[name]} == SAYS[name] or row["unit_price"] == 0


def test_a_format_that_is_not_known_names_those_that_are() -> None:
    with pytest.raises(contracts.NoSuchFormat) as refused:
        format_named("excel", ())

    assert "rakuten" in refused.value.hint
