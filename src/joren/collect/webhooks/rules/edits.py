"""What an order of Shopify is after it was edited.

``total_price`` and ``quantity`` are what was ordered; ``current_total_price`` and
``current_quantity`` are what is left after edits *and* refunds. Refunds are facts of their own, so
that what money went back for is added again: what remains is the order as it was edited. What an
edit took off and was then paid back in money alone is such a refund, and no edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from joren.collect.webhooks.rules.reading import amount, record, records, text
from joren.core.money import decimals

Row = dict[str, str | None]
_Said = Mapping[str, Any]
_NOW: Final = {
    "Subtotal": "current_subtotal_price",
    "Taxes": "current_total_tax",
    "Discount Amount": "current_total_discounts",
    "Total": "current_total_price",
}

_THEN: Final = {
    "Subtotal": "subtotal_price",
    "Taxes": "total_tax",
    "Discount Amount": "total_discounts",
    "Total": "total_price",
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
    if paid_back:
        whole = _beside_refunds(body, lines, paid_back)
        if whole is None or not (any(changed) or _differs(body, whole, parts)):
            return None
    else:
        if not any(changed) and _of(body, "Total", _NOW) == _of(body, "Total", _THEN):
            return None
        whole = {
            column: text(body.get(name))
            for column, name in _NOW.items()
            if text(body.get(name)) is not None
        }
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


def _beside_refunds(body: _Said, lines: Sequence[_Said], refunds: Sequence[_Said]) -> Row | None:
    """The columns of the whole before its refunds; None where all that edits took off was paid
    back: then it is as it was ordered."""
    parts = [part for one in refunds for part in records(one.get("refund_line_items"))]
    gross = Decimal(0) if body.get("taxes_included") else Decimal(1)
    goods, taxes = _sum(parts, "subtotal"), _sum(parts, "total_tax")
    moved = [
        one
        for refund in refunds
        for one in records(refund.get("order_adjustments"))
        if one.get("kind") == "shipping_refund"
    ]
    freight, freight_taxes = -_sum(moved, "amount"), -_sum(moved, "tax_amount")
    less = {
        "Subtotal": _taken_off(body, "Subtotal", goods),
        "Taxes": _taken_off(body, "Taxes", taxes + freight_taxes),
    }
    edit = less["Subtotal"] + gross * less["Taxes"]
    money = sum(map(given_back, refunds), Decimal(0))
    unsaid = money - goods - freight - gross * (taxes + freight_taxes)
    open_share = 1 - min(max(unsaid, Decimal(0)) / edit, Decimal(1)) if edit > 0 else Decimal(1)
    if not open_share:
        return None
    whole = {name: _of(body, name, _THEN) - by * open_share for name, by in less.items()}
    whole["Total"] = _of(body, "Total", _THEN) - edit * open_share
    whole["Discount Amount"] = _of(body, "Discount Amount", _NOW) + _off(lines, parts)
    unit = _unit(body)
    return {
        name: str(value.quantize(unit))
        for name, value in whole.items()
        if text(body.get(_NOW[name])) is not None
    }


def _taken_off(body: _Said, column: str, refunded: Decimal) -> Decimal:
    """By edits alone; nothing where the version of the API does not say what is left."""
    if text(body.get(_NOW[column])) is None:
        return Decimal(0)
    return _of(body, column, _THEN) - _of(body, column, _NOW) - refunded


def _differs(body: _Said, whole: Row, parts: Sequence[_Said]) -> bool:
    """Is it another price than was ordered? Each part of a refund may be rounded by a unit."""
    if whole.get("Subtotal") is None:
        return False
    other = amount(whole["Subtotal"]) - _of(body, "Subtotal", _THEN)
    return abs(other) > _unit(body) * len(parts)


def _unit(body: _Said) -> Decimal:
    return Decimal(1).scaleb(-decimals(text(body.get("currency")) or "JPY"))


def _off(lines: Sequence[_Said], parts: Sequence[_Said]) -> Decimal:
    """What had been taken off the pieces that were paid back."""
    prices = {text(line.get("id")): amount(line.get("price")) for line in lines}
    whole = Decimal(0)
    for part in parts:
        price = prices.get(text(part.get("line_item_id")), Decimal(0))
        whole += price * (_count(part.get("quantity")) or 0)
    return max(Decimal(0), whole - _sum(parts, "subtotal"))


def _of(body: _Said, column: str, names: Mapping[str, str]) -> Decimal:
    return amount(body.get(names[column]))


def _sum(rows: Sequence[_Said], name: str) -> Decimal:
    return sum((amount(one.get(name)) for one in rows), Decimal(0))


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
