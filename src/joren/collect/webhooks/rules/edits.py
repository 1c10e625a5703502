"""What an order of Shopify is after it was edited.

``total_price`` and ``quantity`` are what was ordered; ``current_total_price`` and
``current_quantity`` are what is left after edits *and* refunds. Refunds are facts of their own, so
that what money went back for is added again: what remains is the order as it was edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from joren.collect.webhooks.rules.reading import amount, record, records, text

Row = dict[str, str | None]
_NOW: Final = {
    "Subtotal": "current_subtotal_price",
    "Taxes": "current_total_tax",
    "Discount Amount": "current_total_discounts",
    "Total": "current_total_price",
}


class Edited(NamedTuple):
    """The columns of the whole order that changed, and the lines that are left."""

    whole: Row
    lines: Sequence[Row]


def edited(body: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Edited | None:
    """None where nothing was edited, or where the version of the API does not say. A cancelled
    order has nothing left, and stays what it was."""
    if text(body.get("current_total_price")) is None or body.get("cancelled_at"):
        return None
    paid_back = [one for one in records(body.get("refunds")) if given_back(one)]
    parts = [part for one in paid_back for part in records(one.get("refund_line_items"))]
    left = [_left(line, parts) for line in lines]
    changed = [
        count != _count(line.get("quantity")) for line, count in zip(lines, left, strict=True)
    ]
    now, then = amount(body.get("current_total_price")), amount(body.get("total_price"))
    if not any(changed) and (paid_back or now == then):
        return None
    back = {
        "Subtotal": sum((amount(one.get("subtotal")) for one in parts), Decimal(0)),
        "Taxes": sum((amount(one.get("total_tax")) for one in parts), Decimal(0)),
        "Total": sum(map(given_back, paid_back), Decimal(0)),
    }
    whole: Row = {
        column: str(amount(body[name]) + back.get(column, Decimal(0)))
        for column, name in _NOW.items()
        if text(body.get(name)) is not None
    }
    if not paid_back:
        whole["Shipping"] = _sent(body)
    kept = [
        # What was taken off a line was for all its pieces; the subtotal says what is off now.
        {**line_of(line), "Lineitem quantity": str(count), "Lineitem discount": "0"}
        if other
        else line_of(line)
        for line, count, other in zip(lines, left, changed, strict=True)
        if count or not any(left)
    ]
    return Edited(whole, kept)


def line_of(line: Mapping[str, Any]) -> Row:
    return {
        "Lineitem quantity": text(line.get("quantity")),
        "Lineitem name": text(line.get("name")) or text(line.get("title")),
        "Lineitem price": text(line.get("price")),
        "Lineitem sku": text(line.get("sku")),
        "Lineitem discount": text(line.get("total_discount")) or "0",
    }


def given_back(refund: Mapping[str, Any]) -> Decimal:
    return sum(
        (
            amount(one.get("amount"))
            for one in records(refund.get("transactions"))
            if one.get("kind") == "refund" and one.get("status") == "success"
        ),
        Decimal(0),
    )


def _sent(body: Mapping[str, Any]) -> str:
    """What is charged for shipping now; where the version of the API does not say, as much of what
    was as the total has room for."""
    now, then = (
        record(record(body.get(f"{when}_shipping_price_set")).get("shop_money"))
        for when in ("current", "total")
    )
    if (said := text(now.get("amount"))) is not None:
        return said
    beside = "" if body.get("taxes_included") else body.get("current_total_tax")
    room = amount(body.get("current_total_price")) - amount(body.get("current_subtotal_price"))
    return str(max(Decimal(0), min(amount(then.get("amount")), room - amount(beside))))


def _left(line: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> int | None:
    """Pieces of the line as it was edited, null where nothing is said."""
    now = _count(line.get("current_quantity"))
    if now is None:
        return _count(line.get("quantity"))
    number = text(line.get("id"))
    return now + sum(
        _count(part.get("quantity")) or 0
        for part in parts
        if number is not None and text(part.get("line_item_id")) == number
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
