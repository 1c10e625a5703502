"""楽天 RMS, 通常購入データ: a row per item, the order's columns repeated on each.

合計金額 is before points and every coupon; ours is after the shop's own coupon, because only that
one costs the shop. The addresses of e-mail are masked and say nothing about who a person is.
"""

from __future__ import annotations

from joren.collect.connectors.formats.shape import (
    Canonical,
    Columns,
    Fields,
    Format,
    number,
    plain_number,
    translated,
)

_STATUSES = {
    "open": ("100", "200"),
    "paid": ("300", "400"),
    "shipped": ("500", "600"),
    "completed": ("700",),
    "cancelled": ("800", "900"),
}


def recognises(header: Columns) -> bool:
    return {"注文番号", "ステータス", "商品管理番号", "単価", "個数"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="注文番号",
        status="ステータス",
        order_discount="店舗発行クーポン利用額",
        mall_discount="楽天発行クーポン利用額",
        points_used="ポイント利用額",
        shipping_charged="送料合計",
        fees_charged="代引料合計",
        subscription_id="申込番号",
        subscription_number="申込お届け回数",
        product_name="商品名",
        quantity="個数",
        unit_price="単価",
        prefecture="注文者住所都道府県",
    )
    fields["status"] = translated("trim({})".format(fields["status"]), _STATUSES)
    fields["ordered_at"] = columns.first("注文日時", "注文日")
    fields["sku"] = columns.first("商品番号", "商品管理番号")
    fields["channel"] = "'rakuten'"
    columns.columns.update(ordered_at="注文日時", sku="商品番号", total="合計金額")
    tax = number(columns.column("消費税合計"))
    fields["tax_included"] = f"CASE WHEN {tax} > 0 THEN 'false' ELSE 'true' END"
    fields["tax"] = f"CASE WHEN {tax} > 0 THEN {columns.column('消費税合計')} END"
    total, own = columns.column("合計金額"), columns.column("店舗発行クーポン利用額")
    fields["total"] = (
        f"coalesce({plain_number(f'{number(total)} - coalesce({number(own)}, 0)')}, {total})"
    )
    fields |= _person(columns)
    return Canonical(
        fields,
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

    return {
        "name": joined(" ", "注文者姓", "注文者名"),
        "name_kana": joined(" ", "注文者姓カナ", "注文者名カナ"),
        "phone": joined("", "注文者電話番号1", "注文者電話番号2", "注文者電話番号3"),
        "postal_code": joined("-", "注文者郵便番号1", "注文者郵便番号2"),
    }


FORMAT = Format("rakuten", recognises, canonical)
