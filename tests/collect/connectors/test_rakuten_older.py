from __future__ import annotations

from pathlib import Path

import pytest

from joren.warehouse import DuckDB
from tests.collect.connectors.reading import read_orders, unreconciled

HEADER = (
    "受注番号,受注ステータス,注文日時,合計,消費税(-99999=無効値),送料(-99999=無効値),"
    "代引料(-99999=無効値),請求金額(-99999=無効値),合計金額(-99999=無効値),注文者郵便番号１,"
    "注文者郵便番号２,注文者住所：都道府県,注文者名字,注文者名前,注文者名字フリガナ,"
    "注文者名前フリガナ,注文者電話番号１,注文者電話番号２,注文者電話番号３,メールアドレス,"
    "ポイント利用額,商品名,商品番号,単価,個数\n"
)
WHO = "100,0001,東京都,山田,太郎,ヤマダ,タロウ,090,1234,5678,x@fw.rakuten.ne.jp"


@pytest.mark.parametrize(
    ("state", "amounts", "read"),
    [
        ("処理済", "1000,0,500,0,1400,1500", ("completed", 1500, 500)),
        ("発送済み（自店の名）", "1000,-99999,-99999,-99999,-99999,-99999", ("open", None, None)),
        ("キャンセル", "1000,0,500,0,1400,1500", ("cancelled", 1500, 500)),
    ],
)
def test_the_layout_before_2018_is_read(
    engine: DuckDB, tmp_path: Path, state: str, amounts: str, read: tuple[object, ...]
) -> None:
    path = tmp_path / "orders.csv"
    row = f"s-20170401-1,{state},2017-04-01 09:00:00,{amounts},{WHO},100,豆,x,500,2\n"
    path.write_bytes((HEADER + row).encode("cp932"))

    name, parsed, (line,) = read_orders(engine, path)

    assert (name, parsed.rejected.count) == ("rakuten", 0)
    assert (line["status"], line["total"], line["shipping_charged"]) == read
    assert (line["name"], line["name_kana"], line["phone"], line["postal_code"]) == (
        "山田 太郎", "ヤマダ タロウ", "+819012345678", "100-0001",
    )  # fmt: skip
    assert (line["email"], line["quantity"], list(unreconciled([line]))) == (None, 2, [0])


@pytest.mark.parametrize(
    ("cod", "wrapping", "fees", "left"),
    [("330", "200,150", 680, 0), ("", ",", 0, 0), ("0", "200,", 200, 0), ("無料", "200,", None, 1)],
)
def test_wrapping_belongs_to_the_fees_of_an_order(
    engine: DuckDB, tmp_path: Path, cod: str, wrapping: str, fees: int | None, left: int
) -> None:
    header = (
        "注文番号,ステータス,注文日時,商品管理番号,商品名,単価,個数,送料合計,消費税合計,合計金額,"
        "代引料合計,ラッピング料金1,ラッピング料金2\n"
    )
    total = 1000 + 500 + (fees or 0)
    row = f"s-20261101-1,700,2026-11-01 09:00:00,x,豆,500,2,500,0,{total},{cod},{wrapping}\n"
    path = tmp_path / "orders.csv"
    path.write_bytes((header + row).encode("cp932"))

    name, parsed, lines = read_orders(engine, path)

    assert (name, parsed.rejected.count) == ("rakuten", left)
    assert [line["fees_charged"] for line in lines] == ([] if fees is None else [fees])
    assert list(unreconciled(lines)) == [0] * len(lines)
