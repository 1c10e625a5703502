"""Finding a customer, and the page of one."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from typer.testing import CliRunner

from joren.collect.customers import models, selectors
from joren.collect.customers.services import store_named
from joren.collect.orders.services import take_orders
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.cli.customers import customers_app
from joren.project.pages.views import customer, customers, happening
from joren.project.refresh import refresh
from joren.protect.audit.models import Entry
from joren.understand.ltv import selectors as values
from joren.understand.ltv.services import worth_of
from joren.warehouse import Warehouse
from tests.collect.orders.rows import lines_file
from tests.conftest import _signed_in
from tests.protect.consent.cast import people
from tests.understand.ltv.facts import Shop, rate, written

pytestmark = pytest.mark.django_db

HANAKO: dict[str, Any] = {
    "order_number": "A-1",
    "customer_number": "K9",
    "email": "hanako@example.com",
    "phone": "+819012345678",
    "name": "山田 花子",
    "name_kana": "ヤマダ ハナコ",
    "product_name": "深煎り 200g",
}
JIRO: dict[str, Any] = {"order_number": "A-2", "customer_number": "K10", "name": "佐藤 次郎"}


def bought(folder: Path, *rows: dict[str, Any], number: int = 1) -> None:
    store = store_named("own", currency="JPY")
    path = lines_file(folder, *rows)
    take_orders(warehouse(), path, {"": store}, import_id=number, zone="Asia/Tokyo")


def orders_on(page: Any) -> list[dict[str, Any]]:
    return [one["what"] for one in page.context["moments"] if one["kind"] == "orders"]


def hanako() -> CustomerId:
    return selectors.search("山田")[0].id


@pytest.mark.parametrize(
    "words", ["山田", "ヤマダ", "hanako@example.com", "5678", "K9", "A-1"], ids=lambda words: words
)
def test_a_customer_is_found_by(
    home: Path, tmp_path: Path, alice_the_admin: Client, words: str
) -> None:
    bought(tmp_path, HANAKO, JIRO)

    page = alice_the_admin.post("/customers/search/", {"q": words}, follow=True).content.decode()

    assert "山田 花子" in page
    assert "佐藤 次郎" not in page


def test_an_order_says_of_what_it_is_made(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    stated = {"points_used": 120, "coupon_code": "SPRING", "shipping_charged": 500, "tax": 80}
    bought(tmp_path, {**HANAKO, **stated, "channel": "アプリ", "payment_fee": 0})

    (order,) = orders_on(alice_the_admin.get(f"/customers/{hanako()}/"))

    assert {"¥120", "¥500", "¥80"} <= {*dict(order["parts"]).values()}
    assert "¥0" not in dict(order["parts"]).values()
    assert {*dict(order["texts"]).values()} == {"SPRING", "アプリ"}


def test_who_may_not_see_people_sees_no_coupon_gender_or_day_of_joining(
    home: Path, tmp_path: Path, bob_the_viewer: Client
) -> None:
    bought(tmp_path, {**HANAKO, "coupon_code": "FOR-HANAKO"})
    number = hanako()
    models.Customer.objects.filter(pk=number).update(
        gender="女性", registered_at=datetime(2025, 4, 1, tzinfo=UTC)
    )

    page = bob_the_viewer.get(f"/customers/{number}/").content.decode()

    for personal in ("FOR-HANAKO", "女性", "2025-04-01"):
        assert personal not in page


def test_the_next_page_goes_on_after_the_last(
    home: Path, tmp_path: Path, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "PAGE", 1)
    bought(tmp_path, HANAKO, JIRO)

    first = alice_the_admin.get("/customers/")
    second = alice_the_admin.get("/customers/", QueryDict(first.context["next"]).dict())

    names = {page.context["found"].rows[0].cells[0].shown for page in (first, second)}
    assert names == {"山田 花子", "佐藤 次郎"}
    assert second.context["next"] == ""


def test_a_page_after_nonsense_is_the_first(home: Path, alice_the_admin: Client) -> None:
    assert alice_the_admin.get("/customers/", {"after": "x" * 40}).status_code == 200


def test_one_page_shows_orders_lines_and_where_they_stand(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO)
    refresh()

    answer = alice_the_admin.get(f"/customers/{hanako()}/")

    page = answer.content.decode()
    assert "深煎り 200g" in page
    assert "A-1" in page
    assert "¥1,000" in page
    assert answer.context["worth"].standing is not None


def test_one_page_shows_each_cost_and_which_of_them_the_profit_is_before(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, {**HANAKO, "unit_cost": 300, "shipping_borne": 50}, JIRO)
    refresh()

    answer = alice_the_admin.get(f"/customers/{hanako()}/", headers={"accept-language": "en"})

    worth = answer.context["worth"]
    unknown = [one.name for one in worth.terms if one.value is None]
    assert {"points_granted", "service_cost", "payment_fee"} <= {*unknown}
    profit = next(one for one in worth.figures if one.name == "profit_past")
    assert profit.value is not None
    assert profit.why == "before payment fees, of which no order of theirs says"
    assert profit.why in answer.content.decode()
    told = alice_the_admin.get(f"/api/value/customers/{hanako()}").json()
    assert [one["name"] for one in told["terms"]] == [one.name for one in worth.terms]
    assert told["profit_past_why"] == profit.why


@pytest.mark.parametrize(
    ("language", "of_profit", "of_term"),
    [
        ("en", "payment fees are taken off for 1 of 2 orders", "of 1 of 2 orders: the others"),
        ("ja", "決済手数料は1件（全2件中）の注文の分だけ", "1件（全2件中）の注文の分です"),
    ],
)
def test_a_cost_that_one_of_two_orders_states_is_said_to_be_of_one(
    home: Path, tmp_path: Path, alice_the_admin: Client, language: str, of_profit: str, of_term: str
) -> None:
    row = {**HANAKO, "unit_cost": 300, "shipping_borne": 50}
    bought(tmp_path, {**row, "payment_fee": 20}, {**row, "order_number": "A-7"})
    refresh()

    page = alice_the_admin.get(f"/customers/{hanako()}/", headers={"accept-language": language})
    told = alice_the_admin.get(f"/api/value/customers/{hanako()}").json()
    words = CliRunner().invoke(customers_app, ["show", str(hanako())]).stdout

    assert of_profit in page.content.decode()
    assert f'<span class="tile-note">{of_term}' in page.content.decode()
    assert (told["payment_fee_known"], told["shipping_borne_known"], told["orders"]) == (1, 2, 2)
    assert told["profit_past_why"].startswith("payment fees are taken off for 1 of 2 orders")
    assert "shipping" not in told["profit_past_why"]
    assert "(of 1 of 2 orders: the others do not say it)" in words


def test_what_a_model_says_of_everybody_is_not_said_of_one(refreshed_shop: Warehouse) -> None:
    snapshot = values.snapshot()
    once = {**worth_of(CustomerId(1), snapshot), "frequency": 0, "p_alive": 1.0}

    def told(row: dict[str, Any]) -> Any:
        return next(one for one in customer._figures(row, snapshot) if one.name == "p_alive")

    assert told(once).value is None
    assert told(once).why
    assert told({**once, "p_alive": 0.7}).value == 0.7
    assert told({**once, "frequency": 3}).value == 1


def test_before_the_first_refresh_the_page_shows_what_there_is(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO)

    answer = alice_the_admin.get(f"/customers/{hanako()}/")

    assert answer.status_code == 200
    assert answer.context["worth"] is None


def test_an_order_in_another_currency_says_at_which_rate_it_counts(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    dollars = {**HANAKO, "order_number": "A-5", "currency": "USD"}
    euros = {**HANAKO, "order_number": "A-6", "currency": "EUR"}
    bought(tmp_path, HANAKO, JIRO, dollars, euros)
    days = ("2026-11-01", "149"), ("2026-11-22", "150.50"), ("2026-11-23", "151")
    rates = [
        rate(day, "USD", value) | {"rate_id": number, "import_id": 1}
        for number, (day, value) in enumerate(days)
    ]
    written(warehouse(), Shop(home, rates=rates))
    refresh()

    page = alice_the_admin.get(f"/customers/{hanako()}/", headers={"accept-language": "en"})

    told = {one["order_number"]: one.get("rate") for one in orders_on(page)}
    shown = page.content.decode()
    assert "1 USD = 150.5 JPY (2026-11-22)" in shown
    assert "no rate to JPY: not counted" in shown
    assert (told["A-1"], told["A-6"]) == (None, None)
    assert shown.count("not counted") == 1


def test_a_look_at_one_person_is_written_down(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO)

    alice_the_admin.get(f"/customers/{hanako()}/")

    entry = Entry.objects.get(action="customers.seen")
    assert (entry.subject_kind, entry.subject_id) == ("customer", str(hanako()))


def test_a_list_of_names_is_written_down_and_one_without_is_not(
    refreshed_shop: Warehouse, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    people(*range(1, 81))

    alice_the_admin.get("/customers/?sort=-revenue_past")
    bob_the_viewer.get("/customers/?sort=-revenue_past")

    (entry,) = Entry.objects.filter(action="customers.listed")
    assert len(entry.detail["customers"]) == customers.PAGE


def test_a_viewer_sees_figures_and_nobodys_name(
    home: Path, tmp_path: Path, bob_the_viewer: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO)
    refresh()

    pages = [
        bob_the_viewer.get(address).content.decode()
        for address in ("/customers/", f"/customers/{hanako()}/")
    ]

    for page in pages:
        assert "山***" in page
        assert not any(HANAKO[name] in page for name in ("name", "email", "phone", "order_number"))
    assert "¥1,000" in pages[1]
    assert bob_the_viewer.post("/customers/search/", {"q": "山田"}).status_code == 403
    assert bob_the_viewer.get("/customers/?format=csv").status_code == 403


def test_an_analyst_takes_figures_away_and_nobodys_name(home: Path, tmp_path: Path) -> None:
    bought(tmp_path, HANAKO)
    refresh()
    analyst = _signed_in("ann@example.com", role="analyst")

    file = b"".join(analyst.get("/customers/?format=csv").streaming_content)

    assert str(hanako()).encode() in file
    assert "山田".encode() not in file
    assert (
        Entry.objects.filter(action="customers.exported").latest("pk").detail["personal"] is False
    )


def test_the_filtered_list_is_taken_away_as_a_file_and_that_is_written_down(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, {**HANAKO, "name": "=1+1"}, {**JIRO, "unit_price": 5000})
    refresh()

    answer = alice_the_admin.get(
        "/customers/", {"format": "csv", "revenue_to": "1000", "last_from": "2026-01-01"}
    )

    rows = list(csv.DictReader(b"".join(answer).decode("utf-8-sig").splitlines()))
    assert [row["name"] for row in rows] == ["'=1+1"]
    assert rows[0]["email"] == HANAKO["email"]
    entry = Entry.objects.get(action="customers.exported")
    assert entry.detail["customers"] == 1
    assert entry.detail["revenue_to"] == 1000


def test_below_each_prediction_of_the_list_stands_its_interval(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    page = alice_the_admin.get("/customers/", headers={"accept-language": "en"})
    taken = b"".join(alice_the_admin.get("/customers/?format=csv"))  # type: ignore[arg-type]  # a stream

    (head,) = re.findall(r"<th(?:(?!</th>).)*About Predicted profit.*?</th>", str(page.content))
    assert "<small>90% interval</small>" in head
    rows = list(csv.DictReader(taken.decode("utf-8-sig").splitlines()))
    told = worth_of(CustomerId(int(rows[0]["customer_id"])), values.snapshot())
    low, high = "今後12か月の予測売上 下限", "今後12か月の予測売上 上限"
    assert float(rows[0][low]) == pytest.approx(told["revenue_365d_low"])
    assert float(rows[0][high]) == pytest.approx(told["revenue_365d_high"])
    assert rows[0]["区間の水準"] == "0.9"
    shown = showing.amount(told["revenue_365d_high"], "JPY").encode()
    assert b" \xe2\x80\x93 " + shown + b"</small>" in page.content


def test_orders_come_page_by_page_with_their_refunds(
    home: Path, tmp_path: Path, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(happening, "PAGE", 2)
    bought(tmp_path, *({**HANAKO, "order_number": f"A-{number}"} for number in range(3)))
    address = f"/customers/{hanako()}/"

    first = alice_the_admin.get(address)
    second = alice_the_admin.get(f"{address}?{first.context['older']}")

    numbers = [one["order_number"] for page in (first, second) for one in orders_on(page)]
    assert sorted(numbers) == ["A-0", "A-1", "A-2"]
    assert second.context["older"] == ""


def test_an_identity_says_which_orders_it_came_with(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO)

    table = alice_the_admin.get(f"/customers/{hanako()}/").context["identities"]

    seen = {row.cells[1]: row.cells[7] for row in table.rows}
    assert seen["K9"] == 1
    assert seen["hanako@example.com"] == 0


def test_nobody_has_the_number_of_nobody(home: Path, alice_the_admin: Client) -> None:
    assert alice_the_admin.get("/customers/999/").status_code == 404


def test_a_merge_is_undone_from_the_page(
    home: Path, tmp_path: Path, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    bought(tmp_path, {"order_number": "1", "customer_number": "K1"},
           {"order_number": "2", "email": "k@example.com"})  # fmt: skip
    both = {"order_number": "3", "customer_number": "K1", "email": "k@example.com"}
    bought(tmp_path, both, number=2)
    merge = models.Merge.objects.get()
    address = f"/customers/{merge.winner_id}/merges/{merge.pk}/undo/"

    assert address in alice_the_admin.get(f"/customers/{merge.winner_id}/").content.decode()
    assert bob_the_viewer.post(address).status_code == 403
    assert alice_the_admin.get(address).status_code == 405
    assert alice_the_admin.post(address).status_code == 302

    assert selectors.merges_of(CustomerId(merge.winner_id))[0].undone_at is not None
    assert selectors.count() == 2
    assert Entry.objects.filter(action="customers.merge_undone").count() == 1
    assert alice_the_admin.post(address).status_code == 409


def test_one_who_was_merged_away_leads_to_who_they_are(
    home: Path, tmp_path: Path, alice_the_admin: Client
) -> None:
    bought(tmp_path, HANAKO, JIRO)
    away = selectors.search("佐藤")[0].id
    models.Customer.objects.filter(pk=away).update(merged_into=hanako())

    answer = alice_the_admin.get(f"/customers/{away}/")

    assert answer["Location"] == f"/customers/{hanako()}/"
