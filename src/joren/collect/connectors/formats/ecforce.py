"""ecforce: a row per order, its product codes in one cell, amounts of the whole order only.

Each product becomes a line. What the goods cost together stands on the first of them, because the
file does not say what each did; the others are lines at nothing.
"""

from __future__ import annotations

from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.shape import (
    Canonical,
    Columns,
    Fields,
    Format,
    number,
    plain_number,
)

_PRODUCTS = "購入商品（商品コード）"
_NAMES = ("購入商品（商品名）", "購入商品")
_COUNTS = ("購入商品（数量）", "購入数量", "数量")
_PERSON = (
    "name", "name_kana", "phone", "postal_code", "prefecture", "city", "street", "building",
)  # fmt: skip
"""A shop chooses its columns: these are found by the words that other tables use."""

_POINTS = ("ポイント利用額", "利用ポイント", "使用ポイント")
_FEES = ("決済手数料", "代引手数料", "手数料")
_OFF = ("割引額", "値引き", "値引額", "クーポン割引額")


def recognises(header: Columns) -> bool:
    return {"受注番号", _PRODUCTS, "支払い合計"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="受注番号",
        ordered_at="受注日",
        status="対応状況",
        customer_number="顧客番号",
        email="メールアドレス",
        shipping_charged="送料",
        source="広告URLグループ名",
        campaign="広告主名",
        subscription_id="定期受注番号",
        subscription_number="定期回数",
    )
    named = generic.named_columns(header, "orders")
    fields |= columns.take(**{one: named[one] for one in _PERSON if one in named})
    columns.columns.update(unit_price="小計", quantity="数量", sku=_PRODUCTS, total="支払い合計")
    if "status" in fields:
        fields["status"] = generic.status(fields["status"])
    for field, names in (
        ("points_used", _POINTS),
        ("fees_charged", _FEES),
        ("order_discount", _OFF),
    ):
        fields[field] = columns.first(*names)
    fields |= _lines(columns) | {"channel": "'ecforce'", "tax_included": "'true'"}
    return Canonical(
        fields,
        columns.columns,
        source=_split(columns),
        splits=True,
        file_rows="_piece = 1",
        required=("order_number", "ordered_at", "unit_price"),
        currency="JPY",
        notices=("ecforce states amounts by order: they stand on the first product of each",),
    )


def _lines(columns: Fields) -> dict[str, str]:
    goods, paid = columns.first("小計", "支払い合計"), columns.column("支払い合計")
    pieces = number("_counts[1]")
    each = f"CAST({number(goods)} / nullif({pieces}, 0) AS DECIMAL(28, 8))"
    price = f"CASE WHEN {pieces} > 1 THEN {plain_number(each)} ELSE {goods} END"

    def worth(*names: str) -> str:
        return f"coalesce({number(columns.first(*names))}, 0)"

    parts = f"{number(goods)} + {worth('送料')} + {worth(*_FEES)} - {worth(*_OFF)}"
    before = f"{number(paid)} + {worth(*_POINTS)}"  # points are a means of payment
    return {
        "sku": "nullif(_codes[_piece], '')",
        "product_name": "nullif(_names[_piece], '')",
        "quantity": "coalesce(nullif(_counts[_piece], ''), '1')",
        "unit_price": f"CASE WHEN _piece = 1 THEN {price} ELSE '0' END",
        "total": f"CASE WHEN {parts} = {before} THEN {plain_number(before)} ELSE {paid} END",
    }


def _split(columns: Fields) -> str:
    """A line for each code; an order without a code is one line."""

    def listed(*names: str) -> str:
        cell = columns.first(*names)
        return f"regexp_split_to_array(trim(coalesce({cell}, '')), '\\s*[,、，\\n]\\s*')"

    return (
        "SELECT *, unnest(range(1, len(_codes) + 1)) AS _piece FROM "
        f"(SELECT *, {listed(_PRODUCTS)} AS _codes, {listed(*_NAMES)} AS _names, "
        f"{listed(*_COUNTS)} AS _counts FROM {{staged}})"
    )


FORMAT = Format("ecforce", recognises, canonical)
