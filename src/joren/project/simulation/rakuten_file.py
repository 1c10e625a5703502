"""The mall's order export (通常購入データ of 楽天 RMS): CP932, CRLF, every cell quoted.

合計金額 = 商品合計金額 + 送料合計; 請求金額 = 合計金額 − ポイント利用額 − クーポン利用総額. Prices
include tax (消費税合計 is 0), e-mail addresses are masked, a row is an item.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby

import jaconv
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joren.project.simulation import identities as people_text
from joren.project.simulation.baskets import Lines
from joren.project.simulation.catalogue import PRODUCTS
from joren.project.simulation.identities import HALF_WIDTH, Identities
from joren.project.simulation.money import Orders, Sales
from joren.project.simulation.names import FAMILY_NAMES, GIVEN_NAMES, Name
from joren.project.simulation.population import Ints, Population
from joren.project.simulation.season import Season
from joren.project.simulation.text import CP932, dates, digits, joined, picked, times, words

_COLUMNS = """
注文番号|ステータス|サブステータスID|サブステータス|注文日時|注文日|注文時間|
キャンセル期限日|注文確認日時|注文確定日時|発送指示日時|発送完了報告日時|支払方法名|
クレジットカード支払い方法|クレジットカード支払い回数|配送方法|配送区分|注文種別|
複数送付先フラグ|送付先一致フラグ|離島フラグ|楽天確認中フラグ|警告表示タイプ|
楽天会員フラグ|購入履歴修正有無フラグ|商品合計金額|消費税合計|送料合計|代引料合計|
請求金額|合計金額|ポイント利用額|クーポン利用総額|店舗発行クーポン利用額|
楽天発行クーポン利用額|注文者郵便番号1|注文者郵便番号2|注文者住所都道府県|
注文者住所郡市区|注文者住所それ以降の住所|注文者姓|注文者名|注文者姓カナ|注文者名カナ|
注文者電話番号1|注文者電話番号2|注文者電話番号3|注文者メールアドレス|注文者性別|
申込番号|申込お届け回数|送付先ID|送付先送料|送付先代引料|送付先消費税合計|
送付先商品合計金額|送付先合計金額|のし|送付先郵便番号1|送付先郵便番号2|
送付先住所都道府県|送付先住所郡市区|送付先住所それ以降の住所|送付先姓|送付先名|
送付先姓カナ|送付先名カナ|送付先電話番号1|送付先電話番号2|送付先電話番号3|商品明細ID|
商品ID|商品名|商品番号|商品管理番号|単価|個数|送料込別|税込別|代引手数料込別|
項目・選択肢|ポイント倍率|納期情報|在庫タイプ|ラッピングタイトル1|ラッピング名1|
ラッピング料金1|ラッピング税込別1|ラッピング種類1|ラッピングタイトル2|ラッピング名2|
ラッピング料金2|ラッピング税込別2|ラッピング種類2|お届け時間帯|お届け日指定|担当者|
ひとことメモ|メール差込文 (お客様へのメッセージ)|ギフト配送希望|コメント|利用端末|
メールキャリアコード|あす楽希望フラグ|医薬品受注フラグ|楽天スーパーDEAL商品受注フラグ|
メンバーシッププログラム受注タイプ"""
COLUMNS = tuple(_COLUMNS.strip().replace("|\n", "|").split("|"))
_ITEM = COLUMNS.index("商品明細ID")
_SHOP_NUMBER = "123456"
_BETWEEN = '","'
HEADER = f'"{_BETWEEN.join(COLUMNS)}"\r\n'


def order_numbers(season: Season, orders: Orders, first_serial: int) -> pa.Array:
    """店舗ID-日付-連番."""
    serial = np.arange(first_serial, first_serial + orders.moment.size, dtype=np.int64)
    days = dates(season, orders.moment, "%Y%m%d")
    return joined(_SHOP_NUMBER, days, digits(serial, 10), by="-")


def recipients(rng: np.random.Generator, orders: Orders, people: Population, gift: int) -> Ints:
    """Who gets the parcel: of the gift givers' orders, 60 % go to someone else."""
    customer = orders.customer
    away = (people.segment[customer] == gift) & (rng.random(customer.size) < 0.6)
    return np.where(away, rng.integers(0, people.size, customer.size), customer)


def rakuten_rows(
    sales: Sales,
    numbers: pa.Array,
    people: Population,
    identities: Identities,
    *,
    recipient: Ints,
    first_line: int,
    season: Season,
) -> pa.Array:
    """One row of text per item, with its line end."""
    orders, lines = sales.orders, sales.lines
    cells = (
        {"注文番号": numbers}
        | _state_cells(orders, season)
        | _amount_cells(orders)
        | _person_cells("注文者", identities, orders.customer)
        | _person_cells("送付先", identities, recipient)
        | _contract_cells(orders, people)
        | {
            "送付先一致フラグ": digits((recipient == orders.customer).astype(np.int64)),
            "注文者メールアドレス": _masked(identities).take(pa.array(orders.customer)),
        }
    )
    order_part = _row([cells.get(name, "") for name in COLUMNS[:_ITEM]])
    item_cells = _item_cells(lines, first_line)
    item_part = _row([item_cells.get(name, "") for name in COLUMNS[_ITEM:]])
    whole = joined(order_part.take(pa.array(lines.order)), item_part, by=_BETWEEN)
    return joined('"', whole, '"\r\n', by="")


def _row(cells: list[pa.Array | str]) -> pa.Array:
    """Side by side; neighbours that are the same in every row are written as one."""
    parts: list[pa.Array | str] = []
    for constant, group in groupby(cells, key=lambda cell: isinstance(cell, str)):
        cells_here = list(group)
        parts += [_constant(cells_here)] if constant else cells_here
    return joined(*parts, by=_BETWEEN)


def _state_cells(orders: Orders, season: Season) -> dict[str, pa.Array | str]:
    """900 cancelled, 300 to be sent, 500 sent, 700 paid out."""
    age = season.today - orders.moment
    place = np.select([orders.cancelled, age < 1.0, age < 4.0], [0, 1, 2], 3)
    methods = words(["クレジットカード", "後払い決済"], CP932)
    day, time = dates(season, orders.moment, "%Y-%m-%d"), times(orders.moment)
    return {
        "ステータス": picked(words(["900", "300", "500", "700"]), place),
        "注文日時": joined(day, time, by=" "),
        "注文日": day,
        "注文時間": time,
        "支払方法名": picked(methods, (orders.customer % 4 == 0).astype(np.int64)),
        "複数送付先フラグ": "0",
        "楽天会員フラグ": "1",
    }


def _constant(cells: list[pa.Array | str]) -> pa.Scalar:
    return pa.scalar(_BETWEEN.join(cells).encode(CP932), pa.binary())


def _amount_cells(orders: Orders) -> dict[str, pa.Array | str]:
    goods = orders.goods - orders.line_discount
    whole = goods + orders.shipping_charged
    coupons = orders.coupon + orders.mall_coupon
    return {
        "商品合計金額": digits(goods),
        "消費税合計": "0",
        "送料合計": digits(orders.shipping_charged),
        "代引料合計": "0",
        "合計金額": digits(whole),
        "請求金額": digits(whole - orders.points - coupons),
        "ポイント利用額": digits(orders.points),
        "クーポン利用総額": digits(coupons),
        "店舗発行クーポン利用額": digits(orders.coupon),
        "楽天発行クーポン利用額": digits(orders.mall_coupon),
        "送付先送料": digits(orders.shipping_charged),
        "送付先代引料": "0",
        "送付先消費税合計": "0",
        "送付先商品合計金額": digits(goods),
        "送付先合計金額": digits(whole),
    }


def _person_cells(role: str, identities: Identities, customer: Ints) -> dict[str, pa.Array | str]:
    """Name, address and phone of the one who orders or of the one who receives."""
    half = (identities.writing == HALF_WIDTH).astype(np.int64)
    area, block = np.divmod(identities.postal, 10_000)
    phone = people_text.phone_parts(identities.phone, identities.mall_phone_style, CP932)
    cells = {
        "郵便番号1": digits(area, 3),
        "郵便番号2": digits(block, 4),
        "住所都道府県": people_text.prefectures(identities, CP932),
        "姓": picked(_kanji(FAMILY_NAMES), identities.family),
        "名": picked(_kanji(GIVEN_NAMES), identities.given),
        "姓カナ": picked(_kana(FAMILY_NAMES), identities.family * 2 + half),
        "名カナ": picked(_kana(GIVEN_NAMES), identities.given * 2 + half),
        "電話番号1": phone[0],
        "電話番号2": phone[1],
        "電話番号3": phone[2],
    }
    row_of = pa.array(customer)
    return {f"{role}{name}": cell.take(row_of) for name, cell in cells.items()} | {
        f"{role}住所郡市区": "見本市中央区",
        f"{role}住所それ以降の住所": "一丁目２－３",
    }


def _contract_cells(orders: Orders, people: Population) -> dict[str, pa.Array | str]:
    """申込番号 and 申込お届け回数, empty for a single order."""
    subscribed, empty = pa.array(orders.delivery > 0), pa.scalar(b"", pa.binary())
    contract = digits(people.number[orders.customer] + 1, 8)
    return {
        "申込番号": pc.if_else(subscribed, contract, empty),
        "申込お届け回数": pc.if_else(subscribed, digits(orders.delivery), empty),
    }


def _masked(identities: Identities) -> pa.Array:
    """Sixteen hexadecimal digits that say nothing."""
    quarters = [
        picked(_hexadecimals(), (identities.mask >> shift) & 0xFFFF) for shift in (0, 16, 32, 46)
    ]
    return joined(*quarters, "@pc.fw.rakuten.ne.jp", by="")


def _item_cells(lines: Lines, first_line: int) -> dict[str, pa.Array | str]:
    serial = np.arange(first_line, first_line + lines.order.size, dtype=np.int64)
    skus = [product.sku for product in PRODUCTS]
    return {
        "商品明細ID": digits(serial, 10),
        "商品ID": digits(lines.product + 10_000_001),
        "商品名": picked(_product_names(), lines.product),
        "商品番号": picked(words(skus), lines.product),
        "商品管理番号": picked(words([sku.lower() for sku in skus]), lines.product),
        "単価": digits(lines.unit_price - lines.unit_discount),
        "個数": digits(lines.quantity),
        "送料込別": "0",
        "税込別": "1",
        "代引手数料込別": "0",
        "ポイント倍率": "1",
        "利用端末": "1",
    }


@cache
def _product_names() -> pa.Array:
    return words([product.name.replace('"', '""') for product in PRODUCTS], CP932)


@cache
def _hexadecimals() -> pa.Array:
    return words([f"{number:04x}" for number in range(0x10000)])


@cache
def _kanji(names: tuple[Name, ...]) -> pa.Array:
    return words([name.kanji for name in names], CP932)


@cache
def _kana(names: tuple[Name, ...]) -> pa.Array:
    """Full width and half width by turns."""
    both = [kana for name in names for kana in (name.kana, jaconv.z2h(name.kana))]
    return words(both, CP932)
