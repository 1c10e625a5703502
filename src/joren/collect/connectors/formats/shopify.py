"""Shopify, orders export: the order's columns stand on the first row of its lines only.

``Discount Amount`` may hold discounts of single lines too, so the discount of the whole order is
what lies between the lines and ``Subtotal``, which is after every discount. ``Customer ID`` and
``UTM …`` are no columns of its: Shopify's webhooks say what the export leaves out.
"""

from __future__ import annotations

from joren.collect.connectors.formats.shape import Canonical, Columns, Fields, Format, number

_ORDER = (
    "Financial Status", "Fulfillment Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total",
    "Discount Code", "Discount Amount", "Created at", "Cancelled at", "Refunded Amount", "Source",
    "Email", "Phone", "Billing Name", "Billing Phone", "Billing Zip", "Billing Province",
    "Billing Province Name", "Billing City", "Billing Address1", "Billing Address2",
    "Shipping City", "Shipping Address1", "Shipping Address2", "Shipping Name", "Shipping Phone",
    "Shipping Zip", "Shipping Province", "Shipping Province Name",
    "Customer ID", "UTM Source", "UTM Medium", "UTM Campaign",
)  # fmt: skip


def recognises(header: Columns) -> bool:
    return {"Name", "Financial Status", "Lineitem quantity", "Lineitem price"} <= set(header)


def canonical(header: Columns) -> Canonical:
    columns = Fields(header)
    fields = columns.take(
        order_number="Name",
        ordered_at="Created at",
        currency="Currency",
        shipping_charged="Shipping",
        total="Total",
        tax="Taxes",
        refunded="Refunded Amount",
        coupon_code="Discount Code",
        channel="Source",
        source="UTM Source",
        medium="UTM Medium",
        campaign="UTM Campaign",
        sku="Lineitem sku",
        product_name="Lineitem name",
        quantity="Lineitem quantity",
        unit_price="Lineitem price",
        line_discount="Lineitem discount",
        customer_number="Customer ID",
        email="Email",
    )
    fields["status"] = _status(columns)
    fields["tax_included"] = _tax_included(columns)
    fields["order_discount"] = (
        f"CAST(coalesce(_lines - {number(columns.column('Subtotal'))}, "
        f"{number(columns.column('Discount Amount'))}) AS VARCHAR)"
    )
    fields["name"] = columns.first("Billing Name", "Shipping Name")
    fields["phone"] = columns.first("Phone", "Billing Phone", "Shipping Phone")
    fields["postal_code"] = f"ltrim({columns.first('Billing Zip', 'Shipping Zip')}, '''')"
    fields["prefecture"] = columns.first(
        "Billing Province Name", "Shipping Province Name", "Billing Province", "Shipping Province"
    )
    fields |= _where(columns)
    return Canonical(
        fields,
        columns.columns,
        source=_filled(header, columns),
        required=("order_number", "ordered_at", "unit_price", "quantity"),
    )


def _where(columns: Fields) -> dict[str, str]:
    """The address of one of the two: parts of both would be nobody's."""
    billed = f"coalesce({columns.column('Billing Address1')}, '') <> ''"
    return {
        field: f"CASE WHEN {billed} THEN {columns.column(f'Billing {name}')} "
        f"ELSE {columns.column(f'Shipping {name}')} END"
        for field, name in (("city", "City"), ("street", "Address1"), ("building", "Address2"))
    }


def _filled(header: Columns, columns: Fields) -> str:
    """Every row with its order's columns, and what the lines of the order add up to."""
    of_order = [columns.column(name) for name in _ORDER if name in header]
    first = ", ".join(f"any_value({column} ORDER BY _row) AS {column}" for column in of_order)
    price, quantity = (number(columns.column(f"Lineitem {name}")) for name in ("price", "quantity"))
    off = f"coalesce({number(columns.column('Lineitem discount'))}, 0)"
    summed = f"sum({price} * {quantity} - {off}) AS _lines"
    group = f'SELECT "Name" AS _name, {", ".join([summed, first])} FROM {{staged}} GROUP BY 1'
    rest = f"s.* EXCLUDE ({', '.join(of_order)})"
    names = ", ".join(f"o.{column}" for column in of_order)
    return (
        f'SELECT {rest}, {names}, o._lines FROM {{staged}} s JOIN ({group}) o ON s."Name" = o._name'
    )


def _status(columns: Fields) -> str:
    paid = f"lower({columns.column('Financial Status')})"
    sent = f"lower({columns.column('Fulfillment Status')})"
    back = f"coalesce({number(columns.column('Refunded Amount'))}, 0)"
    return (
        f"CASE WHEN {columns.column('Cancelled at')} IS NOT NULL "
        f"OR {paid} IN ('voided', 'expired') THEN 'cancelled' "
        f"WHEN {paid} = 'refunded' AND {back} = 0 THEN 'returned' "
        f"WHEN {sent} = 'fulfilled' THEN 'shipped' "
        f"WHEN {paid} IN ('paid', 'partially_refunded', 'refunded') THEN 'paid' ELSE 'open' END"
    )


def _tax_included(columns: Fields) -> str:
    """The total says it: does the tax stand beside the parts, or inside them?"""
    part = {name: number(columns.column(name)) for name in ("Subtotal", "Shipping", "Taxes")}
    added = " + ".join(f"coalesce({value}, 0)" for value in part.values())
    beside = f"{part['Taxes']} > 0 AND {added} = {number(columns.column('Total'))}"
    return f"CASE WHEN {beside} THEN 'false' ELSE 'true' END"


FORMAT = Format("shopify", recognises, canonical)
