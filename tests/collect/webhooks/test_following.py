"""What a sender changes afterwards: orders that are edited, customers who are merged, refunds."""

from __future__ import annotations

from typing import Any

import pytest

from joren.collect.customers import selectors as people
from joren.collect.customers.services import undo_merge
from joren.collect.orders import selectors as facts
from joren.collect.webhooks import selectors, services
from joren.collect.webhooks.rules import shopify
from joren.plumbing.warehouse import warehouse
from joren.protect.erasure import selectors as erasure
from tests.collect.webhooks.test_rules import INVOICE, event
from tests.collect.webhooks.test_services import (
    ORDER,
    added,
    changed,
    orders,
    refunds,
    send,
    send_stripe,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_an_order_that_was_edited_is_what_is_left_of_it() -> None:
    one = added()
    line = ORDER["line_items"][0]
    send(one, ORDER)
    services.read_deliveries()
    left = [{**line, "current_quantity": 1}, {**line, "id": 2, "sku": "X", "current_quantity": 0}]
    send(one, changed(
        updated_at="2026-11-23T12:00:00+09:00", line_items=left, current_total_price="2750",
        current_subtotal_price="2000", current_total_tax="200", current_total_discounts="500",
    ), "orders/updated")  # fmt: skip
    services.read_deliveries()

    (order,) = orders()
    assert (order["goods"], order["total"], order["tax"]) == (2500, 2750, 200)
    assert order["revenue"] == 2500 - 500 + 550
    lines = warehouse().engine.rows(facts.order_lines(warehouse()))
    assert [(row["sku"], row["quantity"]) for row in lines] == [("SKN-100", 1)]


def test_of_an_order_whose_lines_all_went_nothing_is_left() -> None:
    one = added()
    left = [{**ORDER["line_items"][0], "current_quantity": 0}]
    send(one, changed(
        line_items=left, current_total_price="0", current_subtotal_price="0",
        current_total_tax="0", current_total_discounts="0",
    ), "orders/updated")  # fmt: skip
    services.read_deliveries()

    (order,) = orders()
    assert (order["goods"], order["total"], order["revenue"]) == (0, 0, 0)


def test_money_that_went_back_is_taken_off_once() -> None:
    one = added()
    refund = {
        "id": 900, "order_id": ORDER["id"], "created_at": "2026-11-25T10:00:00+09:00",
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "2475", "currency": "JPY"}
        ],
        "refund_line_items": [
            {"line_item_id": 1, "quantity": 1, "subtotal": "2250", "total_tax": "225"}
        ],
    }  # fmt: skip
    left = [{**ORDER["line_items"][0], "current_quantity": 1}]
    send(one, refund, "refunds/create")
    send(one, changed(
        refunds=[refund], updated_at="2026-11-25T10:00:01+09:00", line_items=left,
        financial_status="partially_refunded", current_total_price="3025",
        current_subtotal_price="2250", current_total_tax="225", current_total_discounts="250",
    ), "orders/updated")  # fmt: skip
    while services.read_deliveries():
        pass

    (order,), (row,) = orders(), refunds()
    assert (order["goods"], order["total"], order["revenue"]) == (5000, 5500, 5050)
    assert row["amount"] == 2475 * 5050 // 5500


REFUND = {
    "id": 900, "order_id": ORDER["id"], "created_at": "2026-11-25T10:00:00+09:00",
    "transactions": [{"kind": "refund", "status": "success", "amount": "2475", "currency": "JPY"}],
    "refund_line_items": [
        {"line_item_id": 1, "quantity": 1, "subtotal": "2250", "total_tax": "225"},
    ],
}  # fmt: skip
MONEY = {**REFUND, "id": 901, "refund_line_items": []}
SHIPPING = {
    **REFUND, "transactions": [{**REFUND["transactions"][0], "amount": "3025"}],
    "order_adjustments": [
        {"kind": "shipping_refund", "amount": "-500", "tax_amount": "-50"},
        {"kind": "refund_discrepancy", "amount": "-7", "tax_amount": "0"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("refund", "left", "now", "goods", "sold"),
    [
        # Refunded by its line, and nothing else.
        (REFUND, 1, ("2250", "225", "250", "3025"), 5000, 4500),
        # By its line, and 1,000 were taken off the other piece: its price alone was edited.
        (REFUND, 1, ("1250", "125", "1250", "1925"), 5000, 3500),
        # Likewise, with shipping given back, more than the refund's lines say.
        (SHIPPING, 1, ("1250", "75", "1250", "1325"), 5000, 3500),
        # Money alone, for goodwill.
        (MONEY, 2, ("4500", "450", "500", "3025"), 5000, 4500),
        # A piece was taken away, and what it cost was paid back: a refund, and no edit.
        (MONEY, 1, ("2250", "225", "250", "3025"), 5000, 4500),
        # 2,250 were taken off the price, and paid back: likewise.
        (MONEY, 2, ("2250", "225", "2750", "3025"), 5000, 4500),
        # A piece was taken away, and a part of it paid back so far.
        ({**MONEY, "transactions": [{**REFUND["transactions"][0], "amount": "990"}]}, 1,
         ("2250", "225", "250", "4510"), 2500 + 900, 2250 + 900),
    ],
)  # fmt: skip
def test_an_edited_price_beside_refunds_is_the_orders_and_the_money_is_taken_off_once(
    refund: dict[str, Any], left: int, now: tuple[str, ...], goods: int, sold: int
) -> None:
    one = added()
    names = ("subtotal_price", "total_tax", "total_discounts", "total_price")
    send(one, changed(
        refunds=[refund], updated_at="2026-11-25T10:00:01+09:00",
        line_items=[{**ORDER["line_items"][0], "current_quantity": left}],
        financial_status="partially_refunded",
        **{f"current_{name}": value for name, value in zip(names, now, strict=True)},
    ), "orders/updated")  # fmt: skip
    send(one, refund, "refunds/create")
    while services.read_deliveries():
        pass

    (order,), (row,) = orders(), refunds()
    assert order["revenue"] == sold + 550
    assert row["amount"] > 0


def test_a_word_that_an_order_was_edited_says_nothing_of_its_price() -> None:
    body = {"order_edit": {"id": 1, "order_id": 2, "line_items": {"additions": [], "removals": []}}}

    assert shopify.told("orders/edited", body).nothing


def test_customers_whom_the_shop_made_one_are_one_until_it_is_undone() -> None:
    one = added()
    merge = {f"admin_graphql_api_id_customer_{name}": f"gid://shopify/Customer/{number}"
             for name, number in (("kept", 7), ("deleted", 8))}  # fmt: skip
    send(one, {"id": 7, "email": "a@example.com"}, "customers/create")
    send(one, {**merge, "status": "completed"}, "customers/merge")
    services.read_deliveries()
    early = [held.reason for held in selectors.held()]
    send(one, {"id": 8, "email": "b@example.com"}, "customers/create")
    services.retry_held(actor="alice")
    services.read_deliveries()

    def persons() -> int:
        return len(set(people.person_of(warehouse())["customer_id"].to_pylist()))

    assert early == ["customer 8 is not known here"]
    assert (persons(), selectors.held_count()) == (1, 0)
    (customer,) = set(people.person_of(warehouse())["customer_id"].to_pylist())
    (made,) = people.merges_of(customer)
    undo_merge(made.id, by="alice")
    assert persons() == 2


def test_a_customer_whom_the_shop_deleted_is_somebodys_to_erase() -> None:
    one = added()
    send(one, {"id": 7, "email": "a@example.com"}, "customers/create")
    services.read_deliveries()
    send(one, {"id": 7, "admin_graphql_api_id": "gid://shopify/Customer/7"}, "customers/delete")
    services.read_deliveries()

    (request,) = selectors.privacy_requests()
    assert (request.kind, request.customer_number) == ("erase_customer", "7")
    assert [asked.kind for asked in erasure.requests()] == ["erasure"]


def test_a_refund_that_names_no_invoice_finds_it_by_what_paid_for_it() -> None:
    one = added("stripe")
    charge = {"id": "ch_1", "payment_intent": "pi_1", "currency": "jpy", "amount_refunded": 333}
    strange = {**charge, "id": "ch_2", "payment_intent": "pi_2"}
    payment = {"invoice": "in_1", "payment": {"type": "payment_intent", "payment_intent": "pi_1"}}
    for number, (kind, about) in enumerate((
        ("charge.refunded", charge), ("charge.refunded", strange),
        ("invoice.paid", INVOICE), ("invoice_payment.paid", payment),
    )):  # fmt: skip
        send_stripe(one, {**event(kind, about), "id": f"evt_{number}"})
        services.read_deliveries()
    services.read_deliveries()

    (order,), (refund,) = orders(), refunds()
    assert (refund["order_id"], refund["amount"]) == (order["order_id"], 333)
    assert [held.reason for held in selectors.held()] == ["its order pi_2 has not come yet"]


def test_an_order_whose_contacts_the_plan_hides_is_its_customers() -> None:
    one = added()
    nulled = dict.fromkeys(
        ("email", "contact_email", "phone", "billing_address", "shipping_address")
    )
    body = {**ORDER, **nulled, "customer": {"id": 7000000000001}}
    send(one, {"id": 7000000000001, "email": "hanako@example.jp"}, "customers/create")
    send(one, body)
    services.read_deliveries()

    ids = people.person_of(warehouse()).to_pylist()
    assert {row["customer_id"] for row in ids} == {ids[0]["customer_id"]}
    assert orders()[0]["identity_id"] in {row["identity_id"] for row in ids}
