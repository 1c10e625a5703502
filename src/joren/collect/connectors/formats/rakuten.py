"""楽天 RMS, 通常購入データ: a row per item, the order's columns repeated on each.

合計金額 is before points and every coupon; ours is after the shop's own coupon, because only that
one costs the shop. Files from before 2018 have another layout, in which an amount that is not known
is -99999 and a shop gives its own names to states. The addresses of e-mail are masked and say
nothing about who a person is.
"""

from __future__ import annotations

from joren.collect.connectors.formats.shape import (
    Canonical,
    Columns,
    Fields,
    Format,
    number,
    plain_number,
    sum_of,
    translated,
)

_STATUSES = {
    "open": ("100", "200"),
    "paid": ("300", "400"),
    "shipped": ("500", "600"),
    "completed": ("700",),
    "cancelled": ("800", "900"),
}
_LAYOUT = {"注文番号", "ステータス", "商品管理番号", "単価", "個数"}
_OLDER = {"受注番号", "受注ステータス", "商品番号", "単価", "個数"}
_UNKNOWN = "-99999"


def recognises(header: Columns) -> bool:
    return set(header) >= _LAYOUT or set(header) >= _OLDER


def canonical(header: Columns) -> Canonical:
    return _older(header) if set(header) >= _OLDER else _newer(header)


def _newer(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="注文番号",
        status="ステータス",
        order_discount="店舗発行クーポン利用額",
        mall_discount="楽天発行クーポン利用額",
        points_used="ポイント利用額",
        shipping_charged="送料合計",
        subscription_id="申込番号",
        subscription_number="申込お届け回数",
        product_name="商品名",
        quantity="個数",
        unit_price="単価",
        prefecture="注文者住所都道府県",
        city="注文者住所郡市区",
        street="注文者住所それ以降の住所",
    )
    fields["status"] = translated("trim({})".format(fields["status"]), _STATUSES)
    fields["ordered_at"] = columns.first("注文日時", "注文日")
    fees = ("代引料合計", "ラッピング料金1", "ラッピング料金2")
    whole = plain_number(sum_of(columns, *fees))
    stated = " ".join(
        f"WHEN trim({columns.column(one)}) <> '' AND {number(columns.column(one))} IS NULL "
        f"THEN {columns.column(one)}"
        for one in fees
    )
    fields["fees_charged"] = f"CASE {stated} ELSE {whole} END"  # no number stays, to be refused
    fields["sku"] = columns.first("商品番号", "商品管理番号")
    fields["channel"] = "'rakuten'"
    columns.columns.update(
        ordered_at="注文日時", sku="商品番号", total="合計金額", fees_charged="代引料合計"
    )
    tax = number(columns.column("消費税合計"))
    fields["tax_included"] = f"CASE WHEN {tax} > 0 THEN 'false' ELSE 'true' END"
    fields["tax"] = f"CASE WHEN {tax} > 0 THEN {columns.column('消費税合計')} END"
    total, own = columns.column("合計金額"), columns.column("店舗発行クーポン利用額")
    fields["total"] = (
        f"coalesce({plain_number(f'{number(total)} - coalesce({number(own)}, 0)')}, {total})"
    )
    return _shape(columns, fields)


def _older(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="受注番号",
        points_used="ポイント利用額",
        product_name="商品名",
        sku="商品番号",
        quantity="個数",
        unit_price="単価",
        prefecture="注文者住所：都道府県",
        city="注文者住所：都市区",
        street="注文者住所：町以降",
    )
    fields["ordered_at"] = columns.first("注文日時", "注文日")
    columns.columns["ordered_at"] = "注文日時"
    for field, word in (
        ("shipping_charged", "送料"),
        ("fees_charged", "代引料"),
        ("tax", "消費税"),
        ("total", "合計金額"),
    ):
        stated = columns.first(f"{word}({_UNKNOWN}=無効値)", word)
        fields[field] = f"nullif(trim({stated}), '{_UNKNOWN}')"
        columns.columns[field] = word
    fields["tax_included"] = f"CASE WHEN {number(fields['tax'])} > 0 THEN 'false' ELSE 'true' END"
    state = columns.column("受注ステータス")
    fields["status"] = (
        f"CASE WHEN {state} LIKE '%キャンセル%' THEN 'cancelled' WHEN {state} LIKE '%返品%' "
        f"THEN 'returned' WHEN trim({state}) = '処理済' THEN 'completed' ELSE 'open' END"
    )
    fields["channel"] = "'rakuten'"
    return _shape(columns, fields)


def _shape(columns: Fields, fields: dict[str, str]) -> Canonical:
    return Canonical(
        fields | _person(columns),
        columns.columns,
        required=("order_number", "ordered_at", "unit_price", "quantity"),
        currency="JPY",
        zone="Asia/Tokyo",
        notices=("楽天 masks e-mail addresses: customers are found by name and phone",),
    )


def _person(columns: Fields) -> dict[str, str]:
    def joined(by: str, *names: str) -> str:
        parts = ", ".join(columns.column(name) for name in names)
        return f"nullif(trim(concat_ws('{by}', {parts})), '')"

    # Of each pair one layout has the first and one the second.
    return {
        "name": joined(" ", "注文者姓", "注文者名字", "注文者名", "注文者名前"),
        "name_kana": joined(
            " ", "注文者姓カナ", "注文者名字フリガナ", "注文者名カナ", "注文者名前フリガナ"
        ),
        "phone": joined("", *(f"注文者電話番号{n}" for n in "1１2２3３")),
        "postal_code": joined("-", *(f"注文者郵便番号{n}" for n in "1１2２")),
    }


FORMAT = Format("rakuten", recognises, canonical)
