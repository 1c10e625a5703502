"""Amazon, report of all orders: a row per item, tab-separated, times in UTC, nobody's name.

``item-price`` is of the whole row and contains the tax; shipping stands on each item.
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
    "open": ("Pending", "PendingAvailability"),
    "paid": ("Unshipped", "PartiallyShipped", "Shipping", "InvoiceUnconfirmed"),
    "shipped": ("Shipped", "Shipped - Picked Up", "Shipped - Out for Delivery"),
    "completed": ("Shipped - Delivered to Buyer",),
    "cancelled": ("Cancelled", "Canceled", "Unfulfillable"),
    "returned": ("Shipped - Returned to Seller", "Shipped - Returning to Seller"),
}


def recognises(header: Columns) -> bool:
    return {"amazon-order-id", "purchase-date", "order-status", "item-price"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="amazon-order-id",
        ordered_at="purchase-date",
        updated_at="last-updated-date",
        status="order-status",
        currency="currency",
        sku="sku",
        product_name="product-name",
        line_discount="item-promotion-discount",
        postal_code="ship-postal-code",
        prefecture="ship-state",
        city="ship-city",
        street="ship-address-1",
        building="ship-address-2",
    )
    columns.columns.update(unit_price="item-price", quantity="quantity")
    fields["status"] = translated(fields["status"], _STATUSES)
    whole, pieces = number(columns.column("item-price")), number(columns.column("quantity"))
    none, pieces = f"{pieces} = 0", f"nullif({pieces}, 0)"  # a cancelled item may have none
    even = f"{pieces} > 0 AND {whole} % {pieces} = 0"
    each = plain_number(f"CAST({whole} / {pieces} AS DECIMAL(18, 2))")
    # A cancelled row has no price; a price that does not divide is kept whole, as one piece.
    gone = f"{none} OR {columns.column('item-status')} IN ('Cancelled', 'Canceled')"
    fields["unit_price"] = (
        f"CASE WHEN {gone} THEN '0' WHEN {even} THEN {each} "
        f"ELSE coalesce({columns.column('item-price')}, '0') END"
    )
    fields["quantity"] = f"CASE WHEN {even} THEN {columns.column('quantity')} ELSE '1' END"
    sums = []
    for field, column in (
        ("shipping_charged", "shipping-price"),
        ("order_discount", "ship-promotion-discount"),
    ):
        fields[field] = plain_number(f"_{field}")
        summed = f'sum({number(columns.column(column))}) OVER (PARTITION BY "amazon-order-id")'
        sums.append(f"{summed} AS _{field}")
    fields |= {"channel": "'amazon'", "tax_included": "'true'"}
    return Canonical(
        fields,
        columns.columns,
        source=f"SELECT *, {', '.join(sums)} FROM {{staged}}",  # noqa: S608
        required=("order_number", "ordered_at", "unit_price"),
        zone="UTC",
        notices=("Amazon names no buyer: its customers cannot be followed across orders",),
    )


FORMAT = Format("amazon", recognises, canonical)
