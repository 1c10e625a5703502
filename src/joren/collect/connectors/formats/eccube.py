"""EC-CUBE, orders with their details: a row per item.

価格 is before tax and everything else contains it: 小計 is the sum of the items, each with its
tax in whole yen, and 合計 is 小計, 送料 and 手数料 less 値引き. Since version 4 the charges of an
order have rows of their own too, told apart by 明細区分; points that pay are such rows, and 合計 is
after them.
"""

from __future__ import annotations

from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.shape import (
    ROWS_AS_THEY_ARE,
    Canonical,
    Columns,
    Fields,
    Format,
    number,
    text,
    translated,
)

# A purchase that nobody finished is an order's row too, until it is.
_STATUSES = {
    "cancelled": ("購入処理中", "決済処理中"),
    "paid": ("取り寄せ中", "お取り寄せ中"),
}
_KINDS = {"商品": "1", "手数料": "3", "ポイント": "6"}
_WORDS = ("対応状況(名称)", "対応状況")


def recognises(header: Columns) -> bool:
    return {"注文ID", "価格", "個数"} <= set(header) and not set(header).isdisjoint(_WORDS)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="注文ID",
        ordered_at="受注日",
        customer_number="会員ID",
        email="メールアドレス",
        city="住所1",
        street="住所2",
        order_discount="値引き",
        shipping_charged="送料",
        tax="税金",
        sku="商品コード",
        product_name="商品名",
        unit_price="価格",
        quantity="個数",
        tax_rate="税率",
    ) | _person(columns)
    status = columns.first(*_WORDS)
    columns.columns.update(status=next(one for one in _WORDS if one in header), total="合計")
    fields["status"] = generic.status(translated(status, _STATUSES))
    taxed, told = "税率" in header, not set(header).isdisjoint(_kinds())
    return Canonical(
        fields | _amounts(columns, taxed=taxed, told=told),
        columns.columns,
        source=_items(columns, taxed=taxed) if taxed or told else ROWS_AS_THEY_ARE,
        file_rows="_rows" if taxed or told else "",
        required=("order_number", "ordered_at", "unit_price", "quantity"),
        currency="JPY",
    )


def _person(columns: Fields) -> dict[str, str]:
    def joined(by: str, *names: str) -> str:
        return f"nullif(concat_ws('{by}', {', '.join(map(columns.column, names))}), '')"

    person = {
        "name": joined(" ", "お名前(姓)", "お名前(名)"),
        "name_kana": joined(" ", "お名前(セイ)", "お名前(メイ)"),
        "phone": f"coalesce({columns.column('TEL')}, {joined('', 'TEL1', 'TEL2', 'TEL3')})",
        "postal_code": f"coalesce({columns.column('郵便番号')}, "
        f"{joined('-', '郵便番号1', '郵便番号2')})",
        "prefecture": columns.first("都道府県(名称)", "都道府県"),
    }
    if "住所2" not in columns.header:  # one cell with everything behind the prefecture
        person["street"] = columns.first("住所")
    return person


def _amounts(columns: Fields, *, taxed: bool, told: bool) -> dict[str, str]:
    total, points = columns.column("合計"), columns.first("利用ポイント", "使用ポイント")
    fields = {
        "tax_included": f"'{str(taxed).lower()}'",
        "fees_charged": columns.column("手数料"),
        "points_used": points,
        "total": total,
    }
    if taxed:
        fields |= {
            "unit_price": text("_each"),
            "line_discount": f"CASE WHEN _first THEN {_off()} END",
        }
    if told:
        after = f"{number(total)} + _points"  # points are a means of payment
        fields |= {
            "fees_charged": f"coalesce({columns.column('手数料')}, {text('_fees')})",
            "points_used": f"CASE WHEN _points > 0 THEN {text('_points')} ELSE {points} END",
            "total": f"coalesce({text(after)}, {total})",
        }
    return fields


def _off() -> str:
    """By how much the sum misses 小計 where the shop rounds otherwise, at most a yen a piece."""
    return f"CASE WHEN abs(_off) <= _pieces THEN {text('_off')} END"


def _items(columns: Fields, *, taxed: bool) -> str:
    """The rows of products with what others of their orders say; without a product, the first."""
    kind = f"coalesce(trim({columns.first(*_kinds())}), '商品')"
    price, pieces = number(columns.column("価格")), number(columns.column("個数"))
    rate = f"coalesce({number(columns.column('税率'))}, 0)" if taxed else "0"

    def is_a(word: str) -> str:
        return f"{kind} IN ('{word}', '{_KINDS[word]}')"

    def added(what: str, where: str) -> str:
        return f"coalesce(sum({what}) FILTER ({where}) OVER of_order, 0)"

    return (
        "SELECT * FROM (SELECT *, "
        f"{added('_each * _count', '_product')} - {number(columns.column('小計'))} AS _off, "
        f"{added('_count', '_product')} AS _pieces, "
        f"{added('_price * _count', is_a('手数料'))} AS _fees, "
        f"-{added('_price * _count', is_a('ポイント'))} AS _points, "
        "row_number() OVER (PARTITION BY _order ORDER BY NOT _product, _row) = 1 AS _first, "
        "CASE WHEN _first THEN 1 + count(*) OVER of_order "
        "- greatest(1, count(*) FILTER (_product) OVER of_order) ELSE 1 END AS _rows "
        f"FROM (SELECT *, {columns.column('注文ID')} AS _order, {is_a('商品')} AS _product, "
        f"{price} AS _price, {pieces} AS _count, {price} + round({price} * {rate} / 100) AS _each "
        "FROM {staged}) WINDOW of_order AS (PARTITION BY _order)) WHERE _product OR _first"
    )


def _kinds() -> tuple[str, str]:
    return "明細区分(名称)", "明細区分(ID)"


FORMAT = Format("eccube", recognises, canonical)
