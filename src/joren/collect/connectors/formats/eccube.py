"""EC-CUBE, orders with their details: a row per item; 価格 is before tax."""

from __future__ import annotations

from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.shape import Canonical, Columns, Fields, Format, translated

# A purchase that nobody finished is an order's row too, until it is.
_STATUSES = {
    "cancelled": ("購入処理中", "決済処理中"),
    "paid": ("取り寄せ中", "お取り寄せ中"),
}


def recognises(header: Columns) -> bool:
    return {"注文ID", "対応状況", "価格", "個数"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="注文ID",
        ordered_at="受注日",
        status="対応状況",
        customer_number="会員ID",
        email="メールアドレス",
        phone="TEL",
        postal_code="郵便番号",
        prefecture="都道府県",
        city="住所1",
        street="住所2",
        order_discount="値引き",
        shipping_charged="送料",
        fees_charged="手数料",
        tax="税金",
        total="合計",
        sku="商品コード",
        product_name="商品名",
        unit_price="価格",
        quantity="個数",
        tax_rate="税率",
    )
    fields["status"] = generic.status(translated(fields["status"], _STATUSES))
    for field, family, given in (
        ("name", "お名前(姓)", "お名前(名)"),
        ("name_kana", "お名前(セイ)", "お名前(メイ)"),
    ):
        both = f"concat_ws(' ', {columns.column(family)}, {columns.column(given)})"
        fields[field] = f"nullif({both}, '')"
    if "street" not in fields:  # one cell with everything behind the prefecture
        fields |= columns.take(street="住所")
    fields["tax_included"] = "'false'"
    return Canonical(
        fields,
        columns.columns,
        required=("order_number", "ordered_at", "unit_price", "quantity"),
        currency="JPY",
    )


FORMAT = Format("eccube", recognises, canonical)
