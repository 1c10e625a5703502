"""Amazon, report of all orders: a row per item, tab-separated, times in UTC, nobody's name.

Each amount is of the whole row, and an order's are the sums of its rows: item, shipping and gift
wrap, each with its tax, less the promotions on items and on shipping. Prices contain the tax, but
for shops of the United States and Canada, where it comes on top. There is no total: what the rows
add up to stands for it, so that an order whose parts do not come to that is told.
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

_CHARGED = ("item-price", "shipping-price", "gift-wrap-price")
_PROMOTIONS = ("item-promotion-discount", "ship-promotion-discount")
_TAXES = ("item-tax", "shipping-tax")


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
    gone = (
        f"coalesce({none} OR {columns.column('item-status')} IN ('Cancelled', 'Canceled'), FALSE)"
    )
    fields["unit_price"] = (
        f"CASE WHEN {gone} THEN '0' WHEN {even} THEN {each} "
        f"ELSE coalesce({columns.column('item-price')}, '0') END"
    )
    fields["quantity"] = f"CASE WHEN {even} THEN {columns.column('quantity')} ELSE '1' END"
    on_top = _on_top(columns)
    of_order = _of_order(columns, on_top)
    sums = [
        f'sum({amount}) FILTER (NOT {gone}) OVER (PARTITION BY "amazon-order-id") AS _{field}'
        for field, amount in of_order.items()
    ]
    fields |= {field: plain_number(f"_{field}") for field in of_order}
    for field, column in (
        ("line_tax", "item-tax"),
        ("line_discount", "item-promotion-discount"),
    ):
        fields[field] = f"CASE WHEN {gone} THEN '0' ELSE {columns.column(column)} END"
        columns.columns[field] = column
    columns.columns.update(tax="item-tax", fees_charged="gift-wrap-price")
    fields["channel"] = "'amazon'"
    fields["tax_included"] = f"CASE WHEN {on_top} THEN 'false' ELSE 'true' END"
    return Canonical(
        fields,
        columns.columns,
        source=f"SELECT *, {', '.join(sums)} FROM {{staged}}",
        required=("order_number", "ordered_at", "unit_price"),
        zone="UTC",
        notices=("Amazon names no buyer: its customers cannot be followed across orders",),
    )


def _of_order(columns: Fields, on_top: str) -> dict[str, str]:
    """What each row has of its order's amounts."""
    wrapping_tax = f"CASE WHEN {on_top} THEN {_sum(columns, 'gift-wrap-tax', otherwise='0')} END"
    taxes = _sum(columns, *_TAXES, "gift-wrap-tax", otherwise="0")
    return {
        "tax": _sum(columns, *_TAXES),
        "shipping_charged": _sum(columns, "shipping-price"),
        "order_discount": _sum(columns, "ship-promotion-discount"),
        # Of wrapping neither price nor tax is revenue: where it comes on top, both are charged.
        "fees_charged": f"{_sum(columns, 'gift-wrap-price')} + coalesce({wrapping_tax}, 0)",
        "total": (
            f"{_sum(columns, *_CHARGED, otherwise='0')} "
            f"- {_sum(columns, *_PROMOTIONS, otherwise='0')} "
            f"+ CASE WHEN {on_top} THEN {taxes} ELSE 0 END"
        ),
    }


def _on_top(columns: Fields) -> str:
    """Does the tax come on top of prices?"""
    shop = f"nullif({columns.column('sales-channel')}, '')"
    money = columns.column("currency")
    told = f"CASE WHEN {shop} LIKE 'Amazon.%' THEN {shop} IN ('Amazon.com', 'Amazon.ca') END"
    return f"coalesce({told}, {money} IN ('USD', 'CAD'), FALSE)"


def _sum(columns: Fields, *names: str, otherwise: str = "NULL") -> str:
    """What these columns of a row add up to; ``otherwise`` where none of them says anything."""
    there = [number(columns.column(name)) for name in names if name in columns.header]
    if not there:
        return otherwise
    said = " + ".join(f"coalesce({one}, 0)" for one in there)
    return f"CASE WHEN coalesce({', '.join(there)}) IS NULL THEN {otherwise} ELSE {said} END"


FORMAT = Format("amazon", recognises, canonical)
