"""Yahoo!ショッピング, as a table of orders and items with the API's names."""

from __future__ import annotations

from joren.collect.connectors.formats.shape import Canonical, Columns, Fields, Format, translated

_STATUSES = {"open": ("1", "3"), "paid": ("2",), "cancelled": ("4",), "completed": ("5",)}


def recognises(header: Columns) -> bool:
    return {"OrderId", "OrderTime", "UnitPrice", "Quantity"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="OrderId",
        ordered_at="OrderTime",
        status="OrderStatus",
        email="BillMailAddress",
        phone="BillPhoneNumber",
        postal_code="BillZipCode",
        prefecture="BillPrefecture",
        order_discount="Discount",
        mall_discount="TotalMallCouponDiscount",
        points_used="UsePoint",
        shipping_charged="ShipCharge",
        fees_charged="PayCharge",
        total="TotalPrice",
        sku="ItemId",
        product_name="Title",
        unit_price="UnitPrice",
        quantity="Quantity",
        tax_rate="ItemTaxRatio",
    )
    if "status" in fields:
        fields["status"] = translated(fields["status"], _STATUSES)
    for field, kana in (("name", ""), ("name_kana", "Kana")):
        parts = [columns.column(f"Bill{part}Name{kana}") for part in ("Last", "First")]
        fields[field] = f"nullif(concat_ws(' ', {', '.join(parts)}), '')"
    fields |= {"channel": "'yahoo'", "tax_included": "'true'"}
    return Canonical(
        fields,
        columns.columns,
        required=("order_number", "ordered_at", "unit_price", "quantity"),
        currency="JPY",
        zone="Asia/Tokyo",
    )


FORMAT = Format("yahoo", recognises, canonical)
