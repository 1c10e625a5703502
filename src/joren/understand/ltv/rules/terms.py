"""What lies between one customer's revenue and profit, each term by itself: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from joren.core.figures import Figure
from joren.understand.ltv.contracts import reasons

UNRECORDED: Final = ("points_granted", "service_cost")
"""Costs of which no order and no message says anything yet."""

_UNKNOWN: Final[Mapping[str, str]] = {
    "refunds": "",  # known of everybody
    "goods_cost": reasons.NOT_EVERY_COST,
    "shipping_borne": reasons.NO_ORDER_SAYS,
    "payment_fee": reasons.NO_ORDER_SAYS,
    "message_cost": reasons.NO_MESSAGE_SAYS,
    **dict.fromkeys(UNRECORDED, reasons.NOT_RECORDED),
}
_BEFORE: Final[Mapping[str, str]] = {
    "shipping_borne": reasons.BEFORE_SHIPPING,
    "payment_fee": reasons.BEFORE_FEES,
}


def terms_of(row: Mapping[str, Any], *, currency: str, as_of: str) -> tuple[Figure, ...]:
    """Of a row of CUSTOMER_VALUES; refunds, the first, are taken off the revenue already."""
    return tuple(
        Figure(
            name, row.get(name), currency, n=row["orders"], as_of=as_of,
            why=why if row.get(name) is None else "",
        )
        for name, why in _UNKNOWN.items()
    )  # fmt: skip


def profit_why(row: Mapping[str, Any]) -> str:
    """Why their profit is not known, or which costs it is before; "" where it is before none."""
    if row["profit_past"] is None:
        return reasons.NOT_EVERY_COST
    return "; ".join(why for name, why in _BEFORE.items() if row[name] is None)
