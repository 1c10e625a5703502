"""What Stripe tells: a paid invoice is an order, what goes back a refund, a contract an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from joren.collect.webhooks.contracts import Told, Unreadable
from joren.collect.webhooks.rules.reading import moment, needed, record, records, text

# Stripe's own lists, which are not those of ISO 4217: its krona of Iceland has two decimals.
_WHOLE: Final = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split())
_THOUSANDTHS: Final = frozenset("BHD JOD KWD OMR TND".split())

_CONTRACTS: Final = {
    "customer.subscription.created": "Subscription Started",
    "customer.subscription.updated": "Subscription Updated",
    "customer.subscription.deleted": "Subscription Ended",
    "customer.subscription.paused": "Subscription Paused",
    "customer.subscription.resumed": "Subscription Resumed",
    "customer.subscription.trial_will_end": "Subscription Trial Ending",
    "customer.subscription.pending_update_applied": "Subscription Updated",
    "customer.subscription.pending_update_expired": "Subscription Updated",
}
TOPICS: Final = ("invoice.paid", "invoice_payment.paid", "charge.refunded", *_CONTRACTS)

_PAYMENTS: Final = ("payment_intent", "charge")

Row = dict[str, str | None]


def told(topic: str, event: Mapping[str, Any]) -> Told:
    """Raises ``Unreadable`` with the reason."""
    about = record(record(event.get("data")).get("object"))
    if topic in TOPICS and not about:
        raise Unreadable("it has no data.object")
    if topic == "invoice.paid":
        return _invoice(about)
    if topic == "invoice_payment.paid":
        return _payment(about)
    if topic == "charge.refunded":
        return _refund(about, event)
    if topic in _CONTRACTS:
        return _contract(_CONTRACTS[topic], about, event)
    return Told(nothing=f"nothing is done with {topic[:60] or 'no type'}")


def units(minor: Any, currency: str) -> str | None:
    """Stripe's integer as an amount in units: 1980 is 1980 JPY, 19.80 USD, 1.980 KWD."""
    if isinstance(minor, bool) or not isinstance(minor, int):
        return None
    code = currency.upper()
    places = 0 if code in _WHOLE else 3 if code in _THOUSANDTHS else 2
    return str(Decimal(minor).scaleb(-places))


def _invoice(invoice: Mapping[str, Any]) -> Told:
    number, currency = needed(invoice, "id"), needed(invoice, "currency").upper()
    if not invoice.get("amount_paid"):
        return Told(nothing="nothing was paid")
    paid = record(invoice.get("status_transitions")).get("paid_at") or invoice.get("created")
    lines = records(record(invoice.get("lines")).get("data"))
    if not lines:
        raise Unreadable("the invoice has no lines")
    whole: Row = {
        "order_number": number,
        "ordered_at": _written(paid),
        "status": "paid",
        "currency": currency,
        "total": units(invoice.get("total"), currency),
        "tax": units(_tax(invoice), currency),
        "tax_included": "true" if _tax_inside(invoice) else "false",
        "order_discount": units(_discount(invoice), currency),
        "subscription_id": _subscription(invoice),
        "customer_number": text(invoice.get("customer")),
        "email": text(invoice.get("customer_email")),
        "phone": text(invoice.get("customer_phone")),
        "name": text(invoice.get("customer_name")),
    }
    rows = tuple({**whole, **_line(line, currency)} for line in lines)
    return Told(
        {"orders": rows}, subject=number, number=number, also=_paid_by(invoice),
        version=moment(paid),
    )  # fmt: skip


def _paid_by(invoice: Mapping[str, Any]) -> tuple[str, ...]:
    """Since 2025 an invoice may have several payments, and a charge does not name its invoice."""
    several = records(record(invoice.get("payments")).get("data"))
    said = [invoice, *(record(one.get("payment")) for one in several)]
    found = (text(one.get(name)) for one in said for name in _PAYMENTS)
    return tuple(dict.fromkeys(one for one in found if one))


def _payment(payment: Mapping[str, Any]) -> Told:
    """What paid for which invoice: a refund names the one, and the order is the other."""
    paid = record(payment.get("payment"))
    by = next((found for name in _PAYMENTS if (found := text(paid.get(name)))), None)
    if by is None:
        return Told(nothing="it names no payment")
    return Told(subject=by, number=needed(payment, "invoice"), version=1)


def _line(line: Mapping[str, Any], currency: str) -> Row:
    count = line.get("quantity")
    pieces = count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 1
    price = record(line.get("price")) or record(line.get("plan"))
    whole = line.get("amount")
    if isinstance(whole, int) and whole % pieces:
        pieces = 1  # 1000 for 3 pieces has no price of one
    each = whole // pieces if isinstance(whole, int) else None
    priced = record(record(line.get("pricing")).get("price_details"))
    return {
        "sku": text(price.get("product")) or text(priced.get("product")),
        "product_name": text(line.get("description")),
        "quantity": str(pieces),
        "unit_price": units(each, currency),
    }


def _tax(invoice: Mapping[str, Any]) -> int:
    if isinstance(said := invoice.get("tax"), int):
        return said
    return sum(one["amount"] for one in _taxes(invoice) if isinstance(one.get("amount"), int))


def _tax_inside(invoice: Mapping[str, Any]) -> bool:
    """Is the tax in the amounts of the lines, as prices in Japan have it? An invoice that has both
    kinds says so in amounts that do not add up, and the order by how much."""
    inside = [
        one.get("inclusive") is True or one.get("tax_behavior") == "inclusive"
        for one in _taxes(invoice)
        if one.get("amount")
    ]
    return bool(inside) and all(inside)


def _taxes(invoice: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Where they stand since 2025, and where they stood until then."""
    return records(invoice.get("total_taxes")) or records(invoice.get("total_tax_amounts"))


def _discount(invoice: Mapping[str, Any]) -> int:
    off = records(invoice.get("total_discount_amounts"))
    return sum(one["amount"] for one in off if isinstance(one.get("amount"), int))


def _subscription(invoice: Mapping[str, Any]) -> str | None:
    """Where it stood until 2025, and where it stands since."""
    parent = record(record(invoice.get("parent")).get("subscription_details"))
    return text(invoice.get("subscription")) or text(parent.get("subscription"))


def _refund(charge: Mapping[str, Any], event: Mapping[str, Any]) -> Told:
    """A charge says what went back of it altogether; the step before says how much was new."""
    currency = needed(charge, "currency").upper()
    before = record(record(event.get("data")).get("previous_attributes")).get("amount_refunded")
    whole = charge.get("amount_refunded")
    if not isinstance(whole, int):
        raise Unreadable("it has no amount_refunded")
    new = whole - (before if isinstance(before, int) else 0)
    if new <= 0:
        return Told(nothing="no money went back")
    number = needed(charge, "id")
    order = text(charge.get("invoice")) or text(charge.get("payment_intent")) or number
    row: Row = {
        "order_number": order,
        "refunded_at": _written(event.get("created")),
        "amount": units(new, currency),
        "currency": currency,
        "reason": None,
    }
    subject = f"refund:{number}:{whole}"
    return Told({"refunds": (row,)}, subject=subject, version=1, of_order=order)


def _contract(name: str, contract: Mapping[str, Any], event: Mapping[str, Any]) -> Told:
    items = records(record(contract.get("items")).get("data"))
    price = record(items[0].get("price")) if items else {}
    currency = (text(contract.get("currency")) or "").upper()
    said: dict[str, Any] = {
        "order_id": needed(contract, "id"),
        "product_id": text(price.get("product")),
        "category": "subscription",
        "currency": currency or None,
        "price": units(price.get("unit_amount"), currency),
        "quantity": items[0].get("quantity") if items else None,
        "reason": text(record(contract.get("cancellation_details")).get("reason")),
        "step": text(contract.get("status")),
    }
    message = {
        "type": "track",
        "event": name,
        "messageId": f"stripe:{needed(event, 'id')}",
        "userId": needed(contract, "customer"),
        "timestamp": event.get("created"),
        "properties": {key: value for key, value in said.items() if value is not None},
    }
    return Told(events=(message,))


def _written(seconds: Any) -> str | None:
    """As the importer reads a moment in UTC."""
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S +00:00")
