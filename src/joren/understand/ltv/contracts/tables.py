"""The tables of this room.

Money is in minor units of the snapshot's currency; days are shop days; null is "not yet known".
"""

from __future__ import annotations

from typing import Final

from joren.core.tables import TableSpec

PURCHASES: Final = TableSpec(
    "purchases",  # held during a refresh, never stored
    {
        "order_id": "int64",
        "customer_id": "int64",
        "store_id": "int64",
        "ordered_on": "date",
        "nth": "int64",  # 1 is the customer's first purchase (by time, then order id)
        "revenue": "int64",  # of the order, less its refunds up to the as-of day
        "refunds": "int64",
        "goods_cost": "int64",  # null: not known
        "shipping_borne": "int64",
        "payment_fee": "int64",
        "profit": "int64",  # null unless the cost of goods is known
        "main_sku": "string",
        "main_category": "string",
        "source": "string",
        "medium": "string",
        "subscription": "boolean",
    },
)

CUSTOMER_VALUES: Final = TableSpec(
    "customer_values",
    {
        "customer_id": "int64",
        "first_on": "date",
        "last_on": "date",
        "orders": "int64",
        "frequency": "int64",  # repeat purchases: shop days with a purchase, less one
        "recency": "int64",  # days from first to last purchase
        "T": "int64",  # days from first purchase to the as-of day
        "monetary_value": "float64",  # mean revenue of repeat days above zero; null without
        "revenue_past": "int64",
        "refunds": "int64",
        "goods_cost": "int64",
        "shipping_borne": "int64",
        "payment_fee": "int64",
        "profit_past": "int64",
        "p_alive": "float64",
        "expected_orders_365d": "float64",
        "expected_spend": "float64",  # per order
        "revenue_365d": "float64",
        "margin": "float64",  # profit over revenue, shrunk to the shop's
        "profit_365d": "float64",
        "first_store_id": "int64",
        "first_sku": "string",
        "first_category": "string",
        "first_source": "string",
        "first_medium": "string",
        "subscriber": "boolean",
    },
    snapshot=True,
)
