"""The page about the models: how sure they are, and one customer followed."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.collect.customers import models as people
from joren.collect.customers.services.writing import add_customers
from joren.protect.audit.models import Entry
from joren.warehouse import Warehouse
from tests.collect.customers.test_searching import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako(refreshed_shop: Warehouse) -> int:
    """Somebody of the shop, by name."""
    store = people.Store.objects.create(pk=1, name="本店", currency="JPY")
    nothing = ("",)
    add_customers(rows([7], ("山田 花子",), nothing, email=nothing, phone=nothing))
    people.Identity.objects.create(pk=7, key="n:1:K7", customer_id=7, store=store)
    return 7


def test_the_hills_are_told_to_marketers_and_the_letters_to_who_opens_them(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    sections = alice_the_admin.get("/models/").context["sections"]

    (sure,) = [one for one in sections if one.name == "sure"]
    (formula,) = [one for one in sections if one.name == "formula"]
    (letters,) = [one for one in sections if one.name == "letters"]
    assert [one.name for one in sure.figures] == ["newcomer_orders_365d", "newcomer_share_365d"]
    assert len(sure.charts) == 2
    assert formula.folded
    assert letters.folded
    assert {chart.title for chart in letters.charts} >= {"r", "alpha"}
    assert "P(alive)" in formula.tables[0].note


def test_words_lead_to_the_path_of_whom_they_find(hanako: int, alice_the_admin: Client) -> None:
    answer = alice_the_admin.post("/models/search/", {"q": "山田"}, follow=True)

    assert answer.redirect_chain[0][0].startswith("/models/?find=")
    assert answer.context["asked"].one.name == "山田 花子"
    assert answer.context["asked"].one.number == hanako
    (path,) = [one for one in answer.context["sections"] if one.name == "path"]
    assert path.charts[0].table.rows
    assert Entry.objects.filter(action="customers.seen", subject_id=str(hanako)).exists()


def test_who_may_not_see_names_asks_by_number(hanako: int, bob_the_viewer: Client) -> None:
    assert bob_the_viewer.post("/models/search/", {"q": "山田"}).status_code == 403

    answer = bob_the_viewer.get("/models/", {"customer": hanako})

    assert answer.context["asked"].one.number == hanako
    assert answer.context["asked"].one.name == ""
    assert b'type="search"' not in answer.content


def test_nobody_is_said_to_be_nobody(hanako: int, alice_the_admin: Client) -> None:
    found = alice_the_admin.post("/models/search/", {"q": "nobody"}, follow=True)
    unknown = alice_the_admin.get("/models/", {"customer": 4_000_000})

    assert found.context["asked"].nobody
    assert unknown.context["asked"].nobody
    (path,) = [one for one in unknown.context["sections"] if one.name == "path"]
    assert not path.charts
