"""What an order is, from the importer's line to the warehouse's row. No Django.

All money is in minor units of the row's currency. "Not known" is null and never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from joren.core.errors import Refused
from joren.core.registry import Registry
from joren.core.tables import TableSpec

STATUSES: Final = ("open", "paid", "shipped", "completed", "cancelled", "returned")
"""An order counts from ``open`` on; ``cancelled`` and ``returned`` bring no revenue."""

LOST_STATUSES: Final = ("cancelled", "returned")

ORDER_ROWS: Final = TableSpec(
    "order_rows_input",
    {
        # Where the row came from; one input row is one order line.
        "source_row": "int64",  # its place among the lines, the first is 1; null: its place here
        "file_rows": "int64",  # 0 on a further line of one row of the file; null is 1
        # What many rows say alike, each as the number of a row of WHO, HOW and WHAT.
        "who": "uint64",
        "how": "uint64",
        "what": "uint64",
        # The order; equal on all rows of one order.
        "order_number": "string",  # null in a bare log: made from customer, moment, amount
        "ordered_at": "timestamp('UTC', 6)",
        "updated_at": "timestamp('UTC', 6)",
        "order_discount": "int64",  # given by the shop on the whole order, positive
        "mall_discount": "int64",  # paid by the marketplace: a means of payment
        "points_used": "int64",  # a means of payment
        "fees_charged": "int64",  # cash on delivery, gift wrapping: charged to the customer
        "tax": "int64",  # of the whole order, where stated
        "total": "int64",  # as stated: after the shop's discounts, before points and mall coupons
        "refunded": "int64",  # as stated on the order, cumulative
        "shipping_borne": "int64",
        "payment_fee": "int64",
        "subscription_id": "string",
        "subscription_number": "int64",  # 定期回数
    },
)

HOW: Final = TableSpec(
    "order_how_input",
    {
        "how": "uint64",
        "store": "string",  # as the file names it; "" or null: it names none
        "status": "string",
        "currency": "string",
        "tax_included": "boolean",  # do unit prices, shipping and discounts contain the tax?
        "shipping_charged": "int64",
        "coupon_code": "string",
        "channel": "string",
        "source": "string",
        "medium": "string",
        "campaign": "string",
    },
)

WHAT: Final = TableSpec(
    "order_what_input",
    {
        "what": "uint64",
        "sku": "string",
        "product_name": "string",
        "category": "string",
        "quantity": "int64",
        "unit_price": "int64",
        "amount": "int64",  # before its discount; null: quantity times unit price, exactly
        "line_discount": "int64",
        "line_tax": "int64",
        "tax_rate": "int64",  # basis points: 800 is 8 %
        "unit_cost": "int64",
    },
)

WHO: Final = TableSpec(
    "order_who_input",
    {
        "who": "uint64",
        # It never reaches the warehouse. Contacts as anybody writes them.
        "customer_number": "string",
        "email": "string",
        "phone": "string",
        "name": "string",
        "name_kana": "string",
        "postal_code": "string",
        "prefecture": "string",
        "city": "string",
        "street": "string",
        "building": "string",
    },
)

CARRIED: Final = TableSpec("order_carried_input", {"source_row": "int64", "more": "int64"})
"""What a line's amount is more by, of lines that were rounded; where there are none, no file."""

SHARED: Final = {"who": WHO, "how": HOW, "what": WHAT}

ORDER_LINE: Final = TableSpec(
    "order_line_input",
    {
        name: kind
        for spec in (ORDER_ROWS, HOW, WHAT, WHO)
        for name, kind in spec.columns.items()
        if name not in SHARED
    },
)
"""All that is said of one line of an order."""

ORDERS: Final = TableSpec(
    "orders",
    {
        "order_id": "int64",  # from store and order number, see rules.py
        "import_id": "int64",  # the version: later imports have larger ids
        "identity_id": "int64",  # the source identity it came with; null: nobody known
        "store_id": "int64",
        "order_number": "string",
        "ordered_at": "timestamp('UTC', 6)",
        "ordered_on": "date",  # the shop's day
        "updated_at": "timestamp('UTC', 6)",
        "status": "string",
        "currency": "string",
        "lines": "int64",
        "free": "boolean",  # itemised and every line costs nothing: a sample, not a purchase
        "goods": "int64",  # sum of lines after line discounts, as stated
        "order_discount": "int64",
        "mall_discount": "int64",
        "points_used": "int64",
        "shipping_charged": "int64",
        "fees_charged": "int64",
        "tax": "int64",  # contained or added; null: not known
        "tax_included": "boolean",
        "total": "int64",
        "unreconciled": "int64",  # stated total less what the parts add up to
        "revenue": "int64",  # HOUSE §4, before refunds; 0 when cancelled
        "refunded": "int64",  # stated on the order
        "goods_cost": "int64",  # null unless every line states its cost
        "shipping_borne": "int64",
        "payment_fee": "int64",
        "coupon_code": "string",
        "channel": "string",
        "source": "string",
        "medium": "string",
        "campaign": "string",
        "subscription_id": "string",
        "subscription_number": "int64",
        "main_sku": "string",  # of the line with the largest amount
        "main_category": "string",
        "content": "int64",  # hash of everything above but import_id: equal is no new version
    },
    sorted_by=("identity_id", "ordered_at", "order_id"),  # it is by customer that a few are wanted
)

ORDER_LINES: Final = TableSpec(
    "order_lines",
    {
        "order_id": "int64",
        "import_id": "int64",
        "line": "int64",
        "ordered_on": "date",  # of its order, so that a reader of some days passes over the rest
        "sku": "string",
        "product_name": "string",
        "category": "string",
        "quantity": "int64",
        "unit_price": "int64",
        "discount": "int64",
        "amount": "int64",
        "tax": "int64",
        "tax_rate": "int64",
        "unit_cost": "int64",
    },
)

SUPERSEDED: Final = TableSpec(
    "orders_superseded",
    {"order_id": "int64", "import_id": "int64"},  # the version that is no longer the newest
)

REFUNDS: Final = TableSpec(
    "refunds",
    {
        "refund_id": "int64",
        "import_id": "int64",
        "order_id": "int64",  # null: a credit note that names no order
        "identity_id": "int64",
        "store_id": "int64",
        "refunded_at": "timestamp('UTC', 6)",
        "refunded_on": "date",
        "amount": "int64",  # positive: what went back, tax excluded where known
        "paid_back": "int64",  # what a refund said, tax contained; null: said without it
        "currency": "string",
        "reason": "string",
        "content": "int64",
    },
)

PRODUCTS: Final = TableSpec(
    "products",
    {
        "sku": "string",
        "import_id": "int64",
        "name": "string",
        "category": "string",
        "price": "int64",
        "cost": "int64",
        "currency": "string",
        "tax_rate": "int64",
        "content": "int64",
    },
)

AD_SPEND: Final = TableSpec(
    "ad_spend",
    {
        "spend_id": "int64",
        "import_id": "int64",
        "day": "date",
        "source": "string",
        "medium": "string",
        "campaign": "string",
        "purpose": "string",  # "new", "repeat" or null: not split
        "amount": "int64",
        "currency": "string",
        "clicks": "int64",
        "content": "int64",
    },
)

RATES: Final = TableSpec(
    "exchange_rates",
    {
        "rate_id": "int64",
        "import_id": "int64",
        "day": "date",  # holds from here on, until the next one
        "currency": "string",
        "in_currency": "string",  # what the rate is an amount of
        "rate": "decimal(20, 12)",
        "content": "int64",
    },
)


@dataclass(frozen=True)
class Taken:
    """What became of the rows of one import."""

    accepted: int
    unchanged: int
    updated: int
    unreconciled: int
    without_order: int = 0  # refunds of orders that are not there


Alongside = Callable[[Path, Taken], None]
"""Writes, into the folder that is about to be promised, what else the import comes to."""

UNDO: Final = "undo"
"""The kind of a plan that takes an import back."""

KEEPERS: Final[Registry[Callable[[Any, Path, Mapping[str, Any]], None]]] = Registry("keeper")
"""How upper rooms keep what they promised themselves, by the kind of the plan: given the warehouse,
the folder and the plan; repeatable."""

LAST_STEPS: Final[Registry[Callable[[Path, int], None]]] = Registry("last step")
"""What upper rooms do at the end of a promise, given its folder and its import; repeatable."""


class RatesIntoNothing(Refused):
    """Nobody said which currency the rates are in, and no order tells it."""


class VersionsGone(Refused):
    """The versions that an import replaced are no longer kept."""


class ReplacedSince(Refused):
    """A later import replaced orders of this one."""


class NumbersCollide(Refused):
    """Two different order numbers have one id. Practically impossible, and never passed over."""
