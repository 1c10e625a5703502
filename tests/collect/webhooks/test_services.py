"""From an address to the facts: durable, each once, and the same as from a file."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from joren.collect.connectors import selectors as imports
from joren.collect.connectors.services import import_file
from joren.collect.customers import selectors as people
from joren.collect.inbox import models as inbox
from joren.collect.inbox.selectors.bodies import opened
from joren.collect.inbox.services import drain
from joren.collect.orders import selectors as facts
from joren.collect.webhooks import contracts, models, selectors, services
from joren.collect.webhooks.rules import shopify
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse
from joren.protect.erasure import selectors as erasure
from tests.collect.killing import killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

_SECRET = "hush"
CAPTURES = Path(__file__).parent / "captures"
ORDER = json.loads((CAPTURES / "shopify_orders_create.json").read_text())


def added(provider: str = "shopify", **more: Any) -> contracts.Endpoint:
    secret = "" if provider == "generic" else "hush"
    return services.add_endpoint("shop", provider=provider, store="own", secret=secret, **more)[0]


def send(
    one: contracts.Endpoint,
    body: Mapping[str, Any] | bytes,
    topic: str = "orders/create",
    *,
    key: str = "",
    secret: str = _SECRET,
) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Webhook-Id": key or hashlib.sha256(topic.encode() + raw).hexdigest(),
    }
    answer = Client().post(one.address, raw, content_type="application/json", headers=headers)
    return answer.status_code


def send_stripe(one: contracts.Endpoint, event: Mapping[str, Any]) -> int:
    raw, now = json.dumps(event).encode(), int(time.time())
    digest = hmac.new(b"hush", f"{now}.".encode() + raw, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={now},v1={digest}"}
    answer = Client().post(one.address, raw, content_type="application/json", headers=headers)
    return answer.status_code


def orders() -> list[dict[str, Any]]:
    """The newest versions, but for what says when and by which import they came."""
    rows = warehouse().engine.rows(facts.orders(warehouse()).order_by("order_number"))
    return [{name: value for name, value in row.items() if name != "import_id"} for row in rows]


def refunds() -> list[dict[str, Any]]:
    return warehouse().engine.rows(facts.refunds(warehouse()).order_by("refunded_at"))


def changed(**more: Any) -> dict[str, Any]:
    return {**ORDER, **more}


def states() -> list[str]:
    return list(models.Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_the_captured_order_of_shopify_is_in_the_warehouse() -> None:
    one = added()
    sent = json.loads((CAPTURES / "shopify_orders_create.headers.json").read_text())["headers"]
    body = (CAPTURES / "shopify_orders_create.json").read_bytes()
    for headers in (sent, {name.removeprefix("X-"): value for name, value in sent.items()}):
        answer = Client().post(one.address, body, content_type="application/json", headers=headers)
        assert answer.status_code == 200

    assert services.read_deliveries() == 1  # in both spellings it is the same webhook

    (order,) = orders()
    assert (order["order_number"], order["status"], order["currency"]) == ("#1001", "paid", "JPY")
    assert (order["goods"], order["shipping_charged"], order["tax"], order["total"]) == (
        5000, 550, 450, 5500,
    )  # fmt: skip
    assert order["revenue"] == 5000 - 500 + 550
    known = people.person_of(warehouse()).to_pylist()
    assert order["identity_id"] in {row["identity_id"] for row in known}
    assert len({row["customer_id"] for row in known}) == 1
    assert bytes(models.Delivery.objects.get().body) == b""  # nothing personal stays


def test_an_order_by_webhook_equals_the_one_in_a_file(tmp_path: Path) -> None:
    one = added()
    send(one, ORDER)
    services.read_deliveries()
    by_webhook = orders()

    row = dict(shopify.told("orders/create", ORDER).rows["orders"][0])
    row |= {"Billing Zip": f"'{row['Billing Zip']}", "Refunded Amount": "0.00", "Id": "55"}
    file = tmp_path / "orders_export.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, [*row, "Tags"])
        writer.writeheader()
        writer.writerow(row)
    report = import_file(file, kind="orders", store="own")

    assert (report.accepted, report.updated, report.unchanged) == (0, 0, 1)
    assert orders() == by_webhook


def test_only_what_the_new_or_the_old_secret_signed_is_taken() -> None:
    one = added()
    services.change_secret(one.id, "newer")

    answers = [send(one, changed(id=n), secret=word) for n, word in
               enumerate(("hush", "newer", "other", ""))]  # fmt: skip
    services.forget_old_secret(one.id)
    answers.append(send(one, changed(id=9), secret="hush"))

    assert answers == [200, 200, 401, 401, 401]
    assert selectors.arrivals()[one.id].refused == 3
    assert models.Delivery.objects.count() == 2


def test_secrets_lie_sealed() -> None:
    added()

    assert "hush" not in models.Endpoint.objects.get().secret


def test_a_webhook_that_comes_again_counts_once() -> None:
    one = added()

    assert [send(one, ORDER, key="w-1") for _ in range(3)] == [200] * 3
    assert services.read_deliveries() == 1
    send(one, ORDER, key="w-1")
    assert services.read_deliveries() == 0


def test_words_that_come_in_the_wrong_order_end_as_in_the_right_one() -> None:
    one = added()
    newer = changed(updated_at="2026-11-23T12:00:00+09:00", financial_status="refunded",
                    cancelled_at="2026-11-23T12:00:00+09:00")  # fmt: skip
    send(one, newer, "orders/cancelled")
    services.read_deliveries()
    send(one, ORDER)
    services.read_deliveries()

    assert [order["status"] for order in orders()] == ["cancelled"]
    assert states() == ["done", "ignored"]


def test_a_refund_waits_for_its_order_and_is_not_counted_again_with_it() -> None:
    one = added()
    refund = {
        "id": 900, "order_id": ORDER["id"], "created_at": "2026-11-25T10:00:00+09:00",
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "2500", "currency": "JPY"},
            {"kind": "refund", "status": "failure", "amount": "9999"},
        ],
    }  # fmt: skip
    send(one, refund, "refunds/create")
    services.read_deliveries()
    before = states()
    send(one, ORDER)
    while services.read_deliveries():
        pass

    assert before == ["waiting"]
    assert states() == ["done", "done"]
    (row,), (order,) = refunds(), orders()
    assert row["order_id"] == order["order_id"]
    assert row["amount"] == 2500 * 5050 // 5500  # the tax in it is not the shop's
    send(one, changed(refunds=[refund], updated_at="2026-11-25T10:00:01+09:00",
                      financial_status="partially_refunded"), "orders/updated")  # fmt: skip
    services.read_deliveries()
    assert orders()[0]["refunded"] == row["amount"]  # what it states beyond the note is nothing


def test_a_bad_body_waits_and_can_be_tried_again_and_a_bad_cell_waits_with_the_rows() -> None:
    one = added()
    send(one, b"{")
    send(one, changed(id=2, name="#2", line_items=[]))
    bad = [{**ORDER["line_items"][0], "price": "many"}]
    send(one, changed(id=3, name="#3", line_items=bad))
    send(one, ORDER)
    services.read_deliveries()

    assert states() == ["waiting", "waiting", "done", "done"]
    assert [order["order_number"] for order in orders()] == ["#1001"]
    assert imports.waiting_count() == 1
    assert {held.reason for held in selectors.held()} == {
        "it is no JSON", "the order has no line_items",
    }  # fmt: skip
    assert services.retry_held(actor="alice") == 2
    services.read_deliveries()
    assert selectors.held_count() == 2
    assert services.drop_held(actor="alice") == 2
    assert not any(
        models.Delivery.objects.values_list("body", flat=True).filter(state="dropped")[0]
    )


def test_customers_are_people_of_the_store() -> None:
    one = added()
    customer = {**ORDER["customer"], "updated_at": "2026-11-22T12:00:00+09:00"}
    send(one, customer, "customers/update")
    send(one, ORDER)
    services.read_deliveries()

    numbers = people.store_numbers(warehouse()).to_pylist()
    assert [row["store_customer_number"] for row in numbers] == ["7000000000001"]
    assert len(set(people.person_of(warehouse())["customer_id"].to_pylist())) == 1


def test_a_privacy_request_is_announced_once_and_open_until_it_is_answered() -> None:
    heard: list[dict[str, Any]] = []
    outbox.listen(contracts.ANNOUNCED, listener := lambda _name, said: heard.append(said))
    one = added()
    body = {"shop_domain": "x", "customer": {"id": 7, "email": "a@example.com", "phone": "1"},
            "orders_to_redact": [1]}  # fmt: skip
    for key in ("p-1", "p-1"):
        send(one, body, "customers/redact", key=key)
        services.read_deliveries()

    (request,) = selectors.privacy_requests()
    assert (request.kind, request.customer_number, request.orders) == (
        "erase_customer",
        "7",
        ("1",),
    )
    assert heard == [{"request": request.id, "what": "erase_customer", "store": "own"}]
    closed = services.close_privacy_request(request.id, actor="alice")
    assert (closed.email, selectors.privacy_requests()) == ("", ())
    outbox._listeners[contracts.ANNOUNCED].remove(listener)


def test_a_customer_who_is_known_is_a_person_who_asks() -> None:
    one = added()
    send(one, ORDER)
    services.read_deliveries()
    named = {"customer": {"id": 7, "email": "taro@example.com"}}
    for topic in ("customers/redact", "customers/data_request"):
        send(one, named, topic)
    send(one, {"customer": {"id": 8, "email": "nobody@example.com"}}, "customers/redact")
    services.read_deliveries()

    asked = erasure.requests()
    assert sorted(request.kind for request in asked) == ["erasure", "export"]
    assert len({request.customer for request in asked}) == 1
    assert len(selectors.privacy_requests()) == 3


def test_an_app_that_was_uninstalled_says_so() -> None:
    one = added()
    send(one, {"id": 1}, "app/uninstalled")
    services.read_deliveries()

    assert selectors.endpoint(one.id).uninstalled_at


def test_stripe_brings_an_order_a_refund_and_an_event() -> None:
    one = added("stripe")
    from tests.collect.webhooks.test_rules import INVOICE, event

    charge = {"id": "ch_1", "currency": "jpy", "invoice": "in_1", "amount_refunded": 333}
    contract = {"id": "sub_1", "customer": "cus_1", "status": "canceled"}
    for number, (kind, about) in enumerate((
        ("invoice.paid", INVOICE),
        ("charge.refunded", charge),
        ("customer.subscription.deleted", contract),
    )):  # fmt: skip
        assert send_stripe(one, {**event(kind, about), "id": f"evt_{number}"}) == 200
    services.read_deliveries()

    (order,), (refund,) = orders(), refunds()
    assert (order["order_number"], order["revenue"], order["subscription_id"]) == (
        "in_1", 2333, "sub_1",
    )  # fmt: skip
    assert (refund["order_id"], refund["amount"]) == (order["order_id"], 333)
    ((_, body),) = opened(inbox.Batch.objects.all())
    assert json.loads(body)[0]["event"] == "Subscription Ended"


def test_who_pays_stripes_invoices_and_who_has_the_contract_is_one_customer() -> None:
    from tests.collect.webhooks.test_rules import INVOICE, event

    one = added("stripe")
    contract = {"id": "sub_1", "customer": "cus_1", "status": "active"}
    send_stripe(one, {**event("invoice.paid", INVOICE), "id": "evt_1"})
    send_stripe(one, {**event("customer.subscription.created", contract), "id": "evt_2"})
    services.read_deliveries()
    while drain(warehouse()):
        pass

    assert len(set(people.person_of(warehouse())["customer_id"].to_pylist())) == 1


def test_a_generic_body_is_read_by_its_paths() -> None:
    one, secret = services.add_endpoint("till", provider="generic", store="shop", header="X-Sign")
    body = {"no": "T-1", "at": "2026-11-22 10:00", "items": [{"c": "A", "n": 2, "p": 500}]}
    raw = json.dumps(body).encode()
    said = {"order_number": "no", "ordered_at": "at", "sku": "items[].c",
            "quantity": "items[].n", "unit_price": "items[].p"}  # fmt: skip

    def post(sign: str) -> int:
        return Client().post(
            one.address, raw, content_type="application/json", headers={"X-Sign": sign}
        ).status_code  # fmt: skip

    digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    assert [post(f"sha256={digest}"), post("0" * 64)] == [200, 401]
    services.read_deliveries()
    assert selectors.held_count() == 1  # nobody has said yet how it is read
    (row,) = services.change_paths(one.id, sample=raw.decode(), paths=said)
    assert row["unit_price"] == "500"
    services.retry_held(actor="alice")
    services.read_deliveries()

    (order,) = orders()
    assert (order["order_number"], order["revenue"]) == ("T-1", 1000)


def test_a_bearer_token_opens_too() -> None:
    one, token = services.add_endpoint("till", provider="generic", store="shop", bearer=True)

    answers = [
        Client().post(one.address, b"{}", content_type="application/json",
                      headers={"Authorization": f"Bearer {word}"}).status_code
        for word in (token, "wrong")
    ]  # fmt: skip

    assert answers == [200, 401]


def test_an_address_that_is_nobodys_or_disabled_takes_nothing() -> None:
    one = added()
    services.disable_endpoint(one.id)

    assert send(one, ORDER) == 404
    assert Client().post("/hooks/nobodys-address-at-all").status_code == 404
    assert Client().get(one.address).status_code == 405


_READ_AND_DIE = """
import os, signal, sys
import django
django.setup()
from joren.collect.webhooks import services
from joren.collect.webhooks.services import reading
step = sys.argv[1]
before = getattr(reading, step)
def dies(*args, **named):
    if sys.argv[2] == "after":
        before(*args, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(reading, step, dies)
services.read_deliveries()
"""


@pytest.mark.parametrize(
    ("step", "when"),
    [("_understood", "before"), ("import_file", "after"), ("_end", "before"), ("_note", "after")],
)
def test_a_kill_at_any_moment_loses_no_body_and_repeats_none(
    step: str, when: str, home: Path
) -> None:
    one = added()
    bad = [{**ORDER["line_items"][0], "price": "many"}]
    for number in range(3):
        send(one, changed(id=number, name=f"#{number}"))
    send(one, changed(id=3, name="#3", line_items=bad))

    assert killed(_READ_AND_DIE, step, when, home=home) == -9
    while services.read_deliveries():
        pass

    assert [order["order_number"] for order in orders()] == ["#0", "#1", "#2"]
    assert imports.waiting_count() == 1
    assert states() == ["done"] * 4
