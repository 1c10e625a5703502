"""Yahoo!ショッピング, orders and their items under the API's names.

The API's TotalPrice is what is left to pay after points and the mall's coupon; ours is before both,
because they are means of payment. UnitPrice is after the shop's own coupon, of which OriginalPrice
tells. Tables that shops make of the answers do not always keep to that, so the sum of the parts
decides which of the ways to the stated total was taken; the API's own goes first.
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
from joren.collect.connectors.formats.yahoo.xml import READER

_STATUSES = {
    "open": ("1", "3"),
    "paid": ("2",),
    "cancelled": ("4", "8"),
    "completed": ("5",),
}


def recognises(header: Columns) -> bool:
    return {"OrderId", "OrderTime", "TotalPrice"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="OrderId",
        ordered_at="OrderTime",
        updated_at="LastUpdateTime",
        email="BillMailAddress",
        phone="BillPhoneNumber",
        postal_code="BillZipCode",
        prefecture="BillPrefecture",
        city="BillCity",
        street="BillAddress1",
        building="BillAddress2",
        mall_discount="TotalMallCouponDiscount",
        points_used="UsePoint",
        shipping_charged="ShipCharge",
        sku="ItemId",
        product_name="Title",
        tax_rate="ItemTaxRatio",
        subscription_id="SubscriptionId",
        subscription_number="SubscriptionContinueCount",
    )
    columns.columns.update(
        status="OrderStatus", unit_price="UnitPrice", quantity="Quantity", total="TotalPrice",
        order_discount="Discount", fees_charged="PayCharge",
    )  # fmt: skip
    fields["status"] = translated(f"trim({columns.column('OrderStatus')})", _STATUSES)
    fields["fees_charged"] = plain_number(sum_of(columns, "PayCharge", "GiftWrapCharge"))
    for field, kana in (("name", ""), ("name_kana", "Kana")):
        parts = [columns.column(f"Bill{part}Name{kana}") for part in ("Last", "First")]
        fields[field] = f"nullif(concat_ws(' ', {', '.join(parts)}), '')"
    return Canonical(
        fields | _amounts(columns) | {"channel": "'yahoo'", "tax_included": "'true'"},
        columns.columns,
        source=_summed(columns),
        required=("order_number", "ordered_at", "unit_price", "quantity"),
        currency="JPY",
        zone="Asia/Tokyo",
    )


def _before(columns: Fields) -> str:
    """The item's price before the shop's coupon, where it had one; else null."""
    listed, price = number(columns.column("OriginalPrice")), number(columns.column("UnitPrice"))
    return f"CASE WHEN {listed} > {price} THEN {listed} END"


def _amounts(columns: Fields) -> dict[str, str]:
    price, quantity = columns.column("UnitPrice"), columns.column("Quantity")
    off = f"({_before(columns)} - {number(price)}) * {number(quantity)}"
    # A list of orders has no items: each is one line of what its total leaves for the goods.
    rest = f"CASE WHEN _itemised THEN {price} ELSE {plain_number('_total - _beside')} END"
    # The total of an order that was cancelled may be set to zero, while its items stay.
    state, stated = columns.column("OrderStatus"), number(columns.column("TotalPrice"))
    emptied = f"coalesce(trim({state}) = '4' AND {stated} = 0, false)"
    return {
        "unit_price": f"coalesce({plain_number(_before(columns))}, nullif({price}, ''), {rest})",
        "quantity": f"CASE WHEN _itemised THEN {quantity} ELSE '1' END",
        "line_discount": plain_number(off),
        "order_discount": plain_number("_discount"),
        "total": f"CASE WHEN NOT ({emptied}) "
        f"THEN coalesce({plain_number('_total')}, {columns.column('TotalPrice')}) END",
    }


def _summed(columns: Fields) -> str:
    """Each row with what its order's parts say: total, discount, and what is beside the goods.

    ``_goods`` is of all items after the shop's coupon, ``_means`` are points and mall coupon.
    """
    order = columns.column("OrderId")
    goods = f"sum({number(columns.column('UnitPrice'))} * {number(columns.column('Quantity'))})"
    beside = sum_of(columns, "ShipCharge", "PayCharge", "GiftWrapCharge", "Adjustments")
    less = sum_of(columns, "Discount")
    coupon, means = (
        sum_of(columns, "TotalCouponDiscount"),
        sum_of(columns, "UsePoint", "TotalMallCouponDiscount"),
    )
    stated = number(columns.column("TotalPrice"))
    ways = ((stated + f" + {means}", "0"), (stated, "0"), (stated + f" + {means}", coupon),
            (stated, coupon))  # fmt: skip
    parts = f"_goods + {beside} - ({less})"
    total = " ".join(f"WHEN {parts} - ({off}) = {way} THEN {way}" for way, off in ways)
    taken = " ".join(f"WHEN {parts} - ({off}) = {way} THEN {off}" for way, off in ways)
    adjusted = sum_of(columns, "Adjustments")
    return (
        f"SELECT *, CASE {total} ELSE {ways[0][0]} END AS _total, "
        f"{less} - ({adjusted}) + CASE {taken} ELSE 0 END AS _discount, "
        f"{beside} - ({less}) AS _beside, _goods IS NOT NULL AS _itemised FROM "
        f"(SELECT *, {goods} OVER (PARTITION BY {order}) AS _goods FROM {{staged}})"
    )


FORMAT = Format("yahoo", recognises, canonical, READER)
