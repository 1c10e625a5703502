"""Who signed a body, and what the bodies of Shopify, Stripe and others say."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.webhooks.contracts import BadPaths, Unreadable
from joren.collect.webhooks.rules import paths, shopify, signatures, stripe

CAPTURES = Path(__file__).parent / "captures"
SIGNED = json.loads((CAPTURES / "webhook_signatures.json").read_text())
SHOPIFY, STRIPE = SIGNED["shopify"], SIGNED["stripe"]
SIGNED_AT = 1795393203


@pytest.mark.parametrize("prefix", ["X-Shopify-", "shopify-", "x-shopify-"])
def test_shopifys_signature_is_known_in_either_spelling(prefix: str) -> None:
    sent = {prefix + "Hmac-Sha256": SHOPIFY["headers"]["X-Shopify-Hmac-Sha256"]}
    signature = signatures.header(sent, "hmac-sha256")

    for secrets in (["hush"], ["new", "hush"]):
        assert signatures.is_shopifys(SHOPIFY["body"].encode(), signature, secrets)
    assert not signatures.is_shopifys(SHOPIFY["body"].encode(), signature, ["other"])
    assert not signatures.is_shopifys(SHOPIFY["body"].encode() + b" ", signature, ["hush"])


def test_stripes_signature_holds_for_five_minutes() -> None:
    def holds(body: str, *, now: int, secret: str = STRIPE["secret"]) -> bool:
        return signatures.is_stripes(body.encode(), STRIPE["header"], [secret], now=now)

    assert holds(STRIPE["payload"], now=SIGNED_AT)
    assert holds(STRIPE["payload"], now=SIGNED_AT + 300)
    assert not holds(STRIPE["payload"], now=SIGNED_AT + 301)
    assert not holds(STRIPE["payload"], now=SIGNED_AT - 301)
    assert not holds(STRIPE["payload"] + " ", now=SIGNED_AT)
    assert not holds(STRIPE["payload"], now=SIGNED_AT, secret="other")


@given(st.binary(max_size=50), st.text(max_size=80))
def test_no_invented_signature_opens(body: bytes, signature: str) -> None:
    assert not signatures.is_shopifys(body, signature, ["hush"])
    assert not signatures.is_stripes(body, signature, ["hush"], now=0)
    assert not signatures.is_signed(body, signature, ["hush"])
    assert not signatures.bears(signature, ["hush hush"])


@pytest.mark.parametrize(
    ("minor", "currency", "units"),
    [(1980, "jpy", "1980"), (1980, "usd", "19.80"), (1980, "kwd", "1.980"), (500, "isk", "5.00")],
)
def test_stripes_amounts_are_of_their_currency(minor: int, currency: str, units: str) -> None:
    assert stripe.units(minor, currency) == units


def test_a_paid_invoice_is_an_order_whose_lines_add_up() -> None:
    told = stripe.told("invoice.paid", event("invoice.paid", INVOICE))

    assert told.subject == "in_1"
    assert [row["quantity"] for row in told.rows["orders"]] == ["2", "1"]
    assert [row["unit_price"] for row in told.rows["orders"]] == ["1000", "333"]
    first = told.rows["orders"][0]
    assert (first["order_number"], first["ordered_at"]) == ("in_1", "2026-11-22 03:00:00 +00:00")
    assert (first["total"], first["tax"], first["subscription_id"]) == ("2333", "0", "sub_1")


@pytest.mark.parametrize(
    "said",
    [
        {"total_taxes": [{"amount": 212, "tax_behavior": "inclusive"}]},
        {"total_tax_amounts": [{"amount": 212, "inclusive": True}], "tax": 212},
    ],
)
def test_tax_that_an_invoice_contains_is_not_added(said: dict[str, Any]) -> None:
    told = stripe.told("invoice.paid", event("invoice.paid", {**INVOICE, "tax": None, **said}))

    row = told.rows["orders"][0]
    assert (row["tax"], row["tax_included"], row["total"]) == ("212", "true", "2333")


def test_tax_beside_the_prices_is_added() -> None:
    beside = {"total_taxes": [{"amount": 233, "tax_behavior": "exclusive"}], "tax": None}

    told = stripe.told("invoice.paid", event("invoice.paid", {**INVOICE, **beside}))

    assert told.rows["orders"][0]["tax_included"] == "false"


def test_a_second_refund_of_a_charge_brings_what_is_new() -> None:
    charge = {"id": "ch_1", "currency": "jpy", "invoice": "in_1", "amount_refunded": 800}
    before = {"previous_attributes": {"amount_refunded": 300}}

    told = stripe.told("charge.refunded", event("charge.refunded", charge, **before))

    assert [row["amount"] for row in told.rows["refunds"]] == ["500"]
    assert told.of_order == "in_1"


def test_an_invoice_says_what_paid_for_it_in_either_version() -> None:
    old = {**INVOICE, "payment_intent": "pi_1", "charge": "ch_1"}
    paid = {"type": "payment_intent", "payment_intent": "pi_1"}
    new = {**INVOICE, "payments": {"data": [{"payment": paid}]}}

    found = [stripe.told("invoice.paid", event("invoice.paid", one)).also for one in (old, new)]

    assert found == [("pi_1", "ch_1"), ("pi_1",)]


def test_a_contract_is_an_event_that_is_known_again() -> None:
    contract = {
        "id": "sub_1", "customer": "cus_1", "status": "active", "currency": "jpy",
        "items": {"data": [{"quantity": 1, "price": {"product": "p", "unit_amount": 980}}]},
    }  # fmt: skip

    told = stripe.told("customer.subscription.created", event("x", contract))

    (message,) = told.events
    assert (message["event"], message["userId"]) == ("Subscription Started", "cus_1")
    assert message["messageId"] == "stripe:evt_1"
    assert message["properties"]["price"] == "980"


def test_a_topic_that_nobody_asked_for_is_nothing_to_do() -> None:
    assert stripe.told("payout.paid", event("payout.paid", {})).nothing
    assert shopify.told("carts/create", {}).nothing


@pytest.mark.parametrize("body", [{}, {"id": 1}, {"id": 1, "name": "#1", "line_items": []}])
def test_an_order_that_says_too_little_is_unreadable(body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        shopify.told("orders/create", body)


@pytest.mark.parametrize("topic", sorted(shopify.PRIVACY))
def test_what_is_asked_about_somebodys_data_is_kept_apart(topic: str) -> None:
    body = {"customer": {"id": 7, "email": "a@example.com"}, "orders_requested": [1, 2]}

    told = shopify.told(topic, body)

    assert told.privacy is not None
    assert told.privacy["customer_number"] == "7"
    assert told.privacy["orders"] == ["1", "2"]
    assert not told.rows


def test_paths_make_a_row_of_each_element() -> None:
    body = {"no": 5, "who": {"mail": "a@example.com"}, "lines": [{"s": "A"}, {"s": "B", "n": 2}]}
    said = {"order_number": "no", "email": "who.mail", "sku": "lines[].s", "quantity": "lines[].n"}

    assert paths.rows(body, paths.checked(said, said)) == (
        {"order_number": "5", "email": "a@example.com", "sku": "A", "quantity": None},
        {"order_number": "5", "email": "a@example.com", "sku": "B", "quantity": "2"},
    )
    assert paths.rows(body, {"sku": "lines[1].s"}) == ({"sku": "B"},)


@pytest.mark.parametrize("said", [{"x": "a"}, {"sku": "a b"}, {"sku": "a[].b[].c"}, {"sku": "."},
                                  {"sku": "a[].b", "quantity": "c[].b"}])  # fmt: skip
def test_paths_that_mean_nothing_are_refused(said: dict[str, str]) -> None:
    with pytest.raises(BadPaths):
        paths.checked(said, ("sku", "quantity"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
bodies = st.dictionaries(
    st.sampled_from(["id", "name", "line_items", "refunds", "customer", "created_at", "order_id",
                     "transactions", "data", "type", "billing_address", "discount_codes"]),
    json_values,
)  # fmt: skip


@given(st.sampled_from([*shopify.TOPICS, "carts/create", ""]), bodies)
def test_no_body_of_shopifys_breaks_the_reader(topic: str, body: dict[str, Any]) -> None:
    with suppress(Unreadable):
        assert shopify.told(topic, body) is not None


@given(st.sampled_from(stripe.TOPICS), bodies)
def test_no_body_of_stripes_breaks_the_reader(topic: str, body: dict[str, Any]) -> None:
    with suppress(Unreadable):
        assert stripe.told(topic, {"id": "evt_1", "data": {"object": body}}) is not None


INVOICE = {
    "id": "in_1", "currency": "jpy", "amount_paid": 2333, "total": 2333, "subtotal": 2333,
    "customer": "cus_1", "customer_email": "taro@example.com", "customer_name": "山田 太郎",
    "subscription": "sub_1", "created": 1795316000, "tax": 0,
    "status_transitions": {"paid_at": 1795316400},
    "lines": {"data": [
        {"amount": 2000, "quantity": 2, "description": "定期 化粧水", "price": {"product": "p_1"}},
        {"amount": 333, "quantity": 2, "description": "追加"},
    ]},
}  # fmt: skip


def event(kind: str, about: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "evt_1", "type": kind, "created": 1795316400, "data": {"object": about, **more},
    }  # fmt: skip
