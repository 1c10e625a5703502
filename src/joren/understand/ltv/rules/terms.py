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
_BEFORE: Final[Mapping[str, tuple[str, str]]] = {
    "shipping_borne": (reasons.BEFORE_SHIPPING, reasons.SHIPPING_OF_SOME),
    "payment_fee": (reasons.BEFORE_FEES, reasons.FEES_OF_SOME),
}
"""What is said where no order tells a cost, and where only some do."""


def terms_of(row: Mapping[str, Any], *, currency: str, as_of: str) -> tuple[Figure, ...]:
    """Of a row of CUSTOMER_VALUES; refunds, the first, are taken off the revenue already."""
    return tuple(
        Figure(name, row.get(name), currency, n=row["orders"], as_of=as_of, why=_why(row, name))
        for name in _UNKNOWN
    )


def profit_why(row: Mapping[str, Any]) -> str:
    """Why their profit is not known, or of which costs it is before or knows a part; "" where all
    are known."""
    if row["profit_past"] is None:
        return _cost_why(row)
    said = (
        none_says if row[name] is None else _of_some(row, name, some_say)
        for name, (none_says, some_say) in _BEFORE.items()
    )
    return "; ".join(why for why in said if why)


def _why(row: Mapping[str, Any], name: str) -> str:
    """Of a term: why it is not known, or of how many orders it is."""
    if row.get(name) is not None:
        return _of_some(row, name, reasons.OF_SOME_ORDERS)
    return _cost_why(row) if name == "goods_cost" else _UNKNOWN[name]


def _cost_why(row: Mapping[str, Any]) -> str:
    return _of_some(row, "goods_cost", reasons.COST_OF_SOME) or _UNKNOWN["goods_cost"]


def _of_some(row: Mapping[str, Any], name: str, words: str) -> str:
    """In these words where some orders say it and others do not; "" where that is not known."""
    known = row.get(f"{name}_known")
    if not known or known == row["orders"]:
        return ""
    return words.format(f"{known:,}", f"{row['orders']:,}")
