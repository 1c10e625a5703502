"""What Shopify tells, in the columns of its own orders export.

So an order that came by itself and the same order in a file are read by one and the same rule, and
come to the same facts. What the export has no column for is left out here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from joren.collect.webhooks.contracts import Told, Unreadable
from joren.collect.webhooks.rules.edits import Row, edited, given_back, line_of
from joren.collect.webhooks.rules.reading import amount, moment, needed, record, records, text
from joren.core.contacts import names_a_contact

ORDERS: Final = ("orders/create", "orders/paid", "orders/updated", "orders/cancelled")
CUSTOMERS: Final = ("customers/create", "customers/update", "customers/enable", "customers/disable")
PRIVACY: Final = {
    "customers/data_request": "access",
    "customers/redact": "erase_customer",
    "shop/redact": "erase_shop",
}
TOPICS: Final = (
    *ORDERS, "refunds/create", *CUSTOMERS, "customers/delete", "customers/merge",
    "app/uninstalled", *PRIVACY,
)  # fmt: skip

_UTM: Final = ("source", "medium", "campaign")
_MOST_FIELDS: Final = 200
_LONGEST: Final = 200
_CONSENTS: Final = {"subscribed": "granted", "unsubscribed": "withdrawn", "pending": "requested"}
"""``not_subscribed`` is nobody's word, ``redacted`` and ``invalid`` are none of a person's."""


def told(topic: str, body: Mapping[str, Any]) -> Told:
    """Raises ``Unreadable`` with the reason."""
    if topic in PRIVACY:
        return _privacy(PRIVACY[topic], body)
    if topic == "app/uninstalled":
        return Told(uninstalled=True)
    if topic in ORDERS or (topic.startswith("orders/") and "line_items" in body):
        return _order(body)
    if topic == "refunds/create":
        return _refund(body)
    if topic in CUSTOMERS:
        return _customer(body)
    if topic == "customers/delete":
        # The shop keeps them no more: whether they go here too is a person's to say.
        return _privacy("erase_customer", {"customer": body})
    if topic == "customers/merge":
        return _merge(body)
    return Told(nothing=f"nothing is done with {topic[:60] or 'no topic'}")


def _order(body: Mapping[str, Any]) -> Told:
    subject, number = needed(body, "id"), needed(body, "name")
    if body.get("test") is True:
        return Told(nothing="it is a test order")
    lines = records(body.get("line_items"))
    if not lines:
        raise Unreadable("the order has no line_items")
    whole, bought = _whole(body), [line_of(line) for line in lines]
    if (left := edited(body, lines)) is not None:
        whole |= left.whole
        bought = list(left.lines)
    rows = [{**line, **(whole if not place else _later(whole))}
            for place, line in enumerate(bought)]  # fmt: skip
    version = moment(body.get("updated_at")) or moment(body.get("created_at"))
    buyer = record(body.get("customer"))
    by = {"email": text(body.get("email")) or text(buyer.get("email"))}
    return Told(
        {"orders": tuple(rows)}, subject=subject, number=number, version=version,
        consents=_consents(buyer, by),
    )  # fmt: skip


def _whole(body: Mapping[str, Any]) -> Row:
    """The columns that stand on the first row of an order."""
    billing, shipping = record(body.get("billing_address")), record(body.get("shipping_address"))
    codes = [text(one.get("code")) for one in records(body.get("discount_codes"))]
    sent = record(record(body.get("total_shipping_price_set")).get("shop_money"))
    return {
        "Name": text(body.get("name")),
        # Of a shop whose plan hides contacts from programs nothing else says whose it is.
        "Customer ID": text(record(body.get("customer")).get("id")),
        "Email": text(body.get("email")) or text(body.get("contact_email")),
        "Financial Status": text(body.get("financial_status")),
        "Fulfillment Status": text(body.get("fulfillment_status")) or "unfulfilled",
        "Currency": text(body.get("currency")),
        "Subtotal": text(body.get("subtotal_price")),
        "Shipping": text(sent.get("amount")) or _added(body, "shipping_lines"),
        "Taxes": text(body.get("total_tax")),
        "Total": text(body.get("total_price")),
        "Discount Code": ", ".join(code for code in codes if code) or None,
        "Discount Amount": text(body.get("total_discounts")),
        "Created at": _written(body.get("created_at")),
        "Cancelled at": _written(body.get("cancelled_at")),
        "Refunded Amount": str(sum(map(given_back, records(body.get("refunds"))), Decimal(0))),
        "Source": text(body.get("source_name")),
        "Phone": text(body.get("phone")),
        "Billing Name": text(billing.get("name")),
        "Billing Zip": text(billing.get("zip")),
        "Billing Province": text(billing.get("province_code")),
        "Billing Province Name": text(billing.get("province")),
        "Billing City": text(billing.get("city")),
        "Billing Address1": text(billing.get("address1")),
        "Billing Address2": text(billing.get("address2")),
        "Billing Phone": text(billing.get("phone")),
        "Shipping Name": text(shipping.get("name")),
        "Shipping Zip": text(shipping.get("zip")),
        "Shipping Province": text(shipping.get("province_code")),
        "Shipping Province Name": text(shipping.get("province")),
        "Shipping City": text(shipping.get("city")),
        "Shipping Address1": text(shipping.get("address1")),
        "Shipping Address2": text(shipping.get("address2")),
        "Shipping Phone": text(shipping.get("phone")),
        **_came_from(body),
    }  # fmt: skip


def _came_from(body: Mapping[str, Any]) -> Row:
    """What the address of the first page says of the advertisement; Shopify's export has none."""
    try:
        query = urlsplit(text(body.get("landing_site")) or "").query
    except ValueError:
        return {}  # an address that is none says nothing
    said = dict(parse_qsl(query, max_num_fields=_MOST_FIELDS, errors="replace")) if (
        query.count("&") < _MOST_FIELDS) else {}  # fmt: skip
    found = {name: (said.get(f"utm_{name}") or "").strip()[:_LONGEST] for name in _UTM}
    return {
        f"UTM {name.title()}": value
        for name, value in found.items()
        if value and not names_a_contact(value)
    }


def _later(whole: Row) -> Row:
    """Further rows repeat only what says whose they are."""
    kept = ("Name", "Email", "Created at")
    return {name: value if name in kept else None for name, value in whole.items()}


def _added(body: Mapping[str, Any], name: str) -> str:
    return str(sum((amount(one.get("price")) for one in records(body.get(name))), Decimal(0)))


def _written(value: Any) -> str | None:
    """2026-11-22T11:59:58+09:00 as the export writes it: 2026-11-22 11:59:58 +0900."""
    if (said := text(value)) is None:
        return None
    try:
        return datetime.fromisoformat(said).strftime("%Y-%m-%d %H:%M:%S %z").strip()
    except ValueError:
        return said  # which the importer refuses by name


def _refund(body: Mapping[str, Any]) -> Told:
    subject, order = needed(body, "id"), needed(body, "order_id")
    back = given_back(body)
    if not back:
        return Told(nothing="no money went back")
    paid = records(body.get("transactions"))
    row: Row = {
        "refunded_at": text(body.get("processed_at")) or needed(body, "created_at"),
        "amount": str(back),
        "currency": next((text(one.get("currency")) for one in paid if one.get("currency")), None),
        "reason": text(body.get("note")),
    }
    return Told({"refunds": (row,)}, subject=f"refund:{subject}", version=1, of_order=order)


def _customer(body: Mapping[str, Any]) -> Told:
    subject = needed(body, "id")
    where = record(body.get("default_address"))
    first, last = text(body.get("first_name")), text(body.get("last_name"))
    row: Row = {
        "customer_number": subject,
        "email": text(body.get("email")),
        "phone": text(body.get("phone")) or text(where.get("phone")),
        "name": _named(first, last),
        "postal_code": text(where.get("zip")),
        "prefecture": text(where.get("province")),
        "city": text(where.get("city")),
        "street": text(where.get("address1")),
        "building": text(where.get("address2")),
        "registered_at": text(body.get("created_at")),
    }
    version = moment(body.get("updated_at")) or moment(body.get("created_at"))
    return Told(
        {"customers": (row,)}, subject=f"customer:{subject}", version=version,
        consents=_consents(body, {"customer_number": subject}),
    )  # fmt: skip


def _merge(body: Mapping[str, Any]) -> Told:
    """It comes when the merge begins and when it has ended."""
    if text(body.get("status")) not in (None, "completed"):
        return Told(nothing="the shop has not merged them")
    kept, gone = (
        needed(body, f"admin_graphql_api_id_customer_{name}").rpartition("/")[2]
        for name in ("kept", "deleted")
    )
    return Told(merged=(kept, gone))


def _consents(customer: Mapping[str, Any], by: Row) -> tuple[Mapping[str, Any], ...]:
    """What the shop keeps of consent, as of when; a state that says nothing is none."""
    if not any(by.values()):
        return ()
    found = []
    for channel in ("email", "sms"):
        said = record(customer.get(f"{channel}_marketing_consent"))
        act = _CONSENTS.get(text(said.get("state")) or "")
        if act is None:
            continue
        parts = (
            f"shopify customer {text(customer.get('id')) or '?'}",
            text(said.get("opt_in_level")),
            text(said.get("consent_collected_from")),
        )
        found.append(
            {
                **by,
                "channel": channel,
                "act": act,
                "at": _since(said.get("consent_updated_at")),
                "proof": ", ".join(part for part in parts if part)[:200],
            }
        )
    return tuple(found)


def _since(value: Any) -> datetime | None:
    """Null where it is not said."""
    found = moment(value)
    return datetime.fromtimestamp(found / 1_000_000, UTC) if found else None


def _named(first: str | None, last: str | None) -> str | None:
    if not (first and last):
        return last or first
    return f"{first} {last}" if (first + last).isascii() else f"{last} {first}"


def _privacy(kind: str, body: Mapping[str, Any]) -> Told:
    customer = record(body.get("customer"))
    orders = body.get("orders_requested") or body.get("orders_to_redact") or []
    asked = {
        "kind": kind,
        "customer_number": text(customer.get("id")) or "",
        "email": text(customer.get("email")) or "",
        "phone": text(customer.get("phone")) or "",
        "orders": [found for one in orders if (found := text(one))] if isinstance(orders, list)
        else [],
    }  # fmt: skip
    if kind != "erase_shop" and not any(asked[name] for name in ("customer_number", "email")):
        raise Unreadable("it names no customer")
    return Told(privacy=asked)
