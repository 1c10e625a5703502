"""Amazon's report of all orders: every amount of it, to the last yen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joren.collect.connectors import services
from joren.collect.orders import selectors as orders
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = (
    "amazon-order-id", "purchase-date", "order-status", "sales-channel", "sku", "item-status",
    "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount",
)  # fmt: skip
WHOLE = {
    "amazon-order-id": "250-1",
    "purchase-date": "2026-09-30T15:30:00+00:00",
    "order-status": "Shipped",
    "sales-channel": "Amazon.co.jp",
    "item-status": "Shipped",
    "quantity": "1",
    "currency": "JPY",
}


def imported(tmp_path: Path, *rows: dict[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The order that these rows make, and its lines."""
    lines = ["\t".join(HEADER)]
    lines += ["\t".join((WHOLE | row).get(name, "") for name in HEADER) for row in rows]
    path = tmp_path / "all-orders.txt"
    path.write_text("\n".join(lines) + "\n")
    services.import_file(path, kind="orders", store="mall", format="amazon")
    house = warehouse()
    (order,) = house.engine.rows(orders.orders(house))
    return order, house.engine.rows(orders.order_lines(house).order_by("line"))


def test_a_japanese_order_is_reconciled_to_the_last_yen(home: Path, tmp_path: Path) -> None:
    order, lines = imported(
        tmp_path,
        {"sku": "tea", "quantity": "3", "item-price": "2000", "item-tax": "148",
         "shipping-price": "410", "shipping-tax": "37", "gift-wrap-price": "300",
         "gift-wrap-tax": "27", "item-promotion-discount": "101", "ship-promotion-discount": "410"},
        {"sku": "cup", "item-price": "1320", "item-tax": "120"},
    )  # fmt: skip

    assert order["total"] == 2000 + 1320 + 410 + 300 - 101 - 410
    assert (order["goods"], order["shipping_charged"]) == (2000 - 101 + 1320, 410)
    assert (order["order_discount"], order["fees_charged"]) == (410, 300)
    assert (order["tax"], order["tax_included"]) == (148 + 37 + 120, True)
    assert order["revenue"] == order["total"] - 300 - order["tax"]
    assert order["unreconciled"] == 0
    assert [line["tax"] for line in lines] == [148, 120]


def test_in_the_united_states_the_tax_comes_on_top(home: Path, tmp_path: Path) -> None:
    order, _ = imported(
        tmp_path,
        {"sales-channel": "Amazon.com", "currency": "USD", "sku": "tea", "item-price": "20.00",
         "item-tax": "1.65", "shipping-price": "4.99", "shipping-tax": "0.41",
         "gift-wrap-price": "3.00", "gift-wrap-tax": "0.25", "item-promotion-discount": "2.00",
         "ship-promotion-discount": "4.99"},
    )  # fmt: skip

    assert order["total"] == 2000 + 499 + 300 - 200 - 499 + 165 + 41 + 25
    assert (order["tax"], order["tax_included"]) == (206, False)
    assert order["revenue"] == 2000 - 200 + 499 - 499
    assert order["unreconciled"] == 0


def test_what_a_cancelled_item_would_have_cost_is_in_no_sum(home: Path, tmp_path: Path) -> None:
    order, lines = imported(
        tmp_path,
        {"sku": "tea", "item-price": "1100", "item-tax": "100"},
        {"sku": "cup", "item-status": "Cancelled", "item-price": "2200", "item-tax": "200",
         "shipping-price": "500", "shipping-tax": "45", "item-promotion-discount": "22"},
    )  # fmt: skip

    assert (order["total"], order["tax"], order["revenue"]) == (1100, 100, 1000)
    assert order["unreconciled"] == 0
    assert [line["amount"] for line in lines] == [1100, 0]


def test_a_report_that_states_no_tax_is_taken_at_the_rate_of_the_store(
    home: Path, tmp_path: Path
) -> None:
    order, _ = imported(tmp_path, {"sku": "tea", "item-price": "1100"})

    assert (order["tax"], order["revenue"]) == (100, 1000)
    assert (order["total"], order["unreconciled"]) == (1100, 0)
