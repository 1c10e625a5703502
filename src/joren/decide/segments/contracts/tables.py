"""The tables of this room."""

from __future__ import annotations

from typing import Final

from joren.core.registry import Registry
from joren.core.tables import TableSpec

PURCHASED: Final = TableSpec(
    "segment_purchases",  # only the newest snapshot has it
    {
        "customer_id": "int64",
        "order_id": "int64",
        "ordered_on": "date",
        "ordered_at": "timestamp('UTC', 6)",
        "nth": "int64",
        "revenue": "int64",
        "profit": "int64",
        "store_id": "int64",
        "main_sku": "string",
        "main_category": "string",
        "source": "string",
        "medium": "string",
        "subscription": "boolean",
        "coupon_code": "string",
        "channel": "string",
        "campaign": "string",
        "status": "string",
        "subscription_number": "int64",
        "with_coupon": "boolean",  # of the shop by its code, or of a mall
        "with_points": "boolean",
        "discounted": "boolean",  # by the shop, on the whole order
        "complete": "boolean",  # the order says what shipping and payment cost the shop too
    },
    snapshot=True,
)

CREDITED: Final = TableSpec(
    "segment_credits",  # given back without naming an order; only the newest snapshot has it
    {"customer_id": "int64", "credited_on": "date", "amount": "int64"},
    snapshot=True,
)

IDENTITIES: Final = TableSpec(
    "segment_identities",  # whose identity was whose at the refresh; only the newest has it
    {"identity_id": "int64", "customer_id": "int64"},
    snapshot=True,
)

MEMBERS: Final = TableSpec(
    "segment_members",
    {"segment_id": "int64", "customer_id": "int64", "entered_on": "date"},
    snapshot=True,
)

MOVES: Final = TableSpec(
    "segment_moves",  # who came and who left with each refresh; kept when its snapshot goes
    {"segment_id": "int64", "customer_id": "int64", "entered": "boolean", "moved_on": "date"},
    snapshot=True,
)

FROZEN: Final = TableSpec(
    "segment_frozen",  # who belonged when somebody froze it
    {"segment_id": "int64", "version": "int64", "customer_id": "int64"},
)

ATTRIBUTES: Final = "customer_attributes"
"""Of TABLES the one with a row for each word that is kept of a customer: name and value."""

TABLES: Final[Registry[TableSpec]] = Registry("table of segments")
"""Tables of a snapshot in which upper rooms keep what rules may ask of a customer."""
