"""The fields of each kind of file, and what type each has."""

from __future__ import annotations

from collections.abc import Mapping

from joren.collect.connectors.contracts import Kind
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.typing import Type
from joren.collect.orders.contracts import ORDER_LINE

_COUNTS = ("quantity", "subscription_number")
_DERIVED = ("source_row", "store", "file_rows", "amount")
_SAME: Mapping[str, Type] = {
    "status": "status", "currency": "currency", "tax_rate": "rate", "email": "email",
    "phone": "phone", "name": "name", "name_kana": "kana", "order_number": "code",
    "customer_number": "code", "unit_price": "price", "unit_cost": "price",
}  # fmt: skip


def _order_type(name: str, column: str) -> Type:
    if name in _COUNTS:
        return "count"
    if name in _SAME:
        return _SAME[name]
    kinds: Mapping[str, Type] = {"int64": "money", "boolean": "flag", "string": "text"}
    return kinds.get(column, "moment")


TYPES: Mapping[Kind, Mapping[str, Type]] = {
    "orders": {n: _order_type(n, c) for n, c in ORDER_LINE.columns.items() if n not in _DERIVED},
    "customers": {
        "customer_number": "code", "email": "email", "phone": "phone", "name": "name",
        "name_kana": "kana", "birthday": "day", "gender": "text", "postal_code": "text",
        "prefecture": "text", "city": "text", "street": "text", "building": "text",
        "acquisition_source": "text", "registered_at": "moment",
        "language": "text", "time_zone": "text",
        "life_stage": "text", "life_stage_since": "day",
        "accepts_email": "flag", "accepts_sms": "flag",
    },
    "products": {
        "sku": "text", "name": "text", "category": "text", "price": "price", "cost": "price",
        "currency": "currency", "tax_rate": "rate",
    },
    "ad_spend": {
        "day": "day", "source": "text", "medium": "text", "campaign": "text", "purpose": "text",
        "amount": "money", "currency": "currency", "clicks": "count",
    },
    "refunds": {
        "order_number": "code", "refunded_at": "moment", "amount": "money",
        "currency": "currency", "reason": "text",
    },
    "rates": {"day": "day", "currency": "currency", "in_currency": "currency", "rate": "exchange"},
}  # fmt: skip


def type_of(name: str, kind: Kind, shape: Canonical) -> Type:
    """The field's type in this file: a price that is an amount is never rounded."""
    return "money" if name in shape.whole else TYPES[kind][name]
