"""The page of economics: what a new customer cost, by source and month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from joren.collect.orders.contracts import AD_SPEND
from joren.plumbing.warehouse import warehouse
from joren.understand.economics.services import weigh_economics
from joren.warehouse.rows import write_rows
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_the_cost_of_a_new_customer_stands_by_source_and_month(alice_the_admin: Client) -> None:
    shop = Shop(warehouse(), "economics", weigh_economics)
    spent = [
        {"spend_id": month, "import_id": 1, "currency": "JPY", "medium": "cpc", "purpose": None,
         "content": 0, "source": "google", "day": date(2026, month, 5), "amount": 1000 * month}
        for month in (4, 5)
    ]  # fmt: skip
    shop.house.lake.append(AD_SPEND, write_rows(spent, shop.house.scratch, AD_SPEND), key="spend")
    bought = [
        Bought(number, date(2026, 4 + number % 2, 10), 1000, 400, source=source, medium=medium)
        for number, (source, medium) in enumerate([("google", "cpc")] * 40 + [("friend", None)] * 9)
    ]
    early = [Bought(900, AS_OF - timedelta(days=500), 1000, 400, source="friend")]
    shop.refresh([*bought, *early], as_of=AS_OF)

    page = alice_the_admin.get("/economics/").content.decode()
    file = alice_the_admin.get("/economics/?format=csv&table=cac_by_month")
    rows = file.getvalue().decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]

    assert "新規顧客の獲得単価（流入元・月別）" in page
    heads, google = (row.split(",") for row in rows)
    cost = dict(zip(heads, google, strict=True))
    assert google[0] == "google"
    assert (cost["2026-05"], cost["2026-04"]) == ("250", "200")
