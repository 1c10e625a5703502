"""Where an order came from: what the first page says, and that a file without it takes nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from joren.collect.connectors.services import import_file
from joren.collect.webhooks import services
from joren.collect.webhooks.rules import shopify
from tests.collect.webhooks.test_services import ORDER, added, changed, orders, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_the_source_that_a_webhook_names_stays_beside_what_a_file_says(tmp_path: Path) -> None:
    one = added()
    ad = "/products/beans?utm_source=google&utm_medium=cpc&utm_campaign=%E6%98%A5&gclid=x"
    send(one, changed(landing_site=ad))
    services.read_deliveries()
    whole = shopify.told("orders/create", ORDER).rows["orders"][0]
    row = {name: said for name, said in whole.items() if not name.startswith("UTM")}
    row["Fulfillment Status"] = "fulfilled"
    file = tmp_path / "orders_export.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, [*row])
        writer.writeheader()
        writer.writerow(row)

    report = import_file(file, kind="orders", store="own")

    (order,) = orders()
    assert report.updated == 1
    assert (order["source"], order["medium"], order["campaign"]) == ("google", "cpc", "春")
    assert order["status"] == "shipped"


@pytest.mark.parametrize(
    ("landing", "said"),
    [
        ("/?utm_source=google", {"UTM Source": "google"}),
        ("https://shop.example/a?utm_medium=%20mail%20&utm_source=", {"UTM Medium": "mail"}),
        ("/?utm_campaign=hanako%40example.com&utm_source=line", {"UTM Source": "line"}),
        ("/?" + "a=1&" * 500 + "utm_source=x", {}),
        ("http://[", {}), ("/", {}), (None, {}), (7, {}),
        ("/?utm_source=" + "x" * 900, {"UTM Source": "x" * 200}),
    ],
)  # fmt: skip
def test_of_the_first_page_only_the_advertisement_is_read(landing: Any, said: Any) -> None:
    (row, *_) = shopify.told("orders/create", changed(landing_site=landing)).rows["orders"]

    assert {name: value for name, value in row.items() if name.startswith("UTM")} == said
