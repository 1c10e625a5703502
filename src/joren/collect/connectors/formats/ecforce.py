"""ecforce: a row per order, its product codes in one cell, amounts of the whole order only."""

from __future__ import annotations

from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.shape import Canonical, Columns, Fields, Format


def recognises(header: Columns) -> bool:
    return {"受注番号", "購入商品（商品コード）", "支払い合計"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="受注番号",
        ordered_at="受注日",
        status="対応状況",
        customer_number="顧客番号",
        email="メールアドレス",
        total="支払い合計",
        unit_price="小計" if "小計" in header else "支払い合計",
        shipping_charged="送料",
        sku="購入商品（商品コード）",
        source="広告URLグループ名",
        campaign="広告主名",
        subscription_id="定期受注番号",
        subscription_number="定期回数",
    )
    if "status" in fields:
        fields["status"] = generic.status(fields["status"])
    fields |= {"quantity": "'1'", "channel": "'ecforce'"}
    return Canonical(
        fields,
        columns.columns,
        required=("order_number", "ordered_at", "unit_price"),
        currency="JPY",
        notices=("ecforce states amounts by order: its products are kept together as one line",),
    )


FORMAT = Format("ecforce", recognises, canonical)
