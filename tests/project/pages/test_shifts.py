"""The page of shifts: who, from which towards which, and a segment at one press."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.protect.audit.models import Entry
from joren.understand.shifts.services import find_shifts
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
AS_OF = date(2026, 6, 30)


def test_a_shift_is_shown_and_made_a_segment(alice_the_admin: Client) -> None:
    before = [Bought(1, AS_OF - timedelta(200 + n), category="コーヒー") for n in range(10)]
    recent = [Bought(1, AS_OF - timedelta(n), category="ベビー&キッズ") for n in range(5)]
    Shop(warehouse(), "shifts", find_shifts).refresh([*before, *recent], as_of=AS_OF)

    page = alice_the_admin.get("/ranks/shifts/").content.decode()
    people = alice_the_admin.get(
        "/ranks/shifts/customers/", {"to": "ベビー&キッズ"}
    ).content.decode()
    csv = alice_the_admin.get("/ranks/shifts/?format=csv").getvalue().decode()  # type: ignore[attr-defined]
    made = alice_the_admin.post(
        "/ranks/shifts/segment/", {"from": "コーヒー", "to": "ベビー&キッズ"}
    )

    assert "コーヒー → ベビー&amp;キッズ" in page
    assert "#1" in people
    assert "コーヒー,ベビー&キッズ,1,1,1.0" in csv
    (kept,) = segments.segments()
    assert made["Location"] == f"/segments/{kept.id}/"
    assert kept.name == "カテゴリ変化:コーヒーからベビー&キッズへ"


def test_a_file_of_customers_is_for_those_who_may_take_one_and_is_written_down(
    alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    bought = [Bought(1, AS_OF - timedelta(200 + n), category="コーヒー") for n in range(10)]
    bought += [Bought(1, AS_OF - timedelta(n), category="豆") for n in range(5)]
    Shop(warehouse(), "shifts", find_shifts).refresh(bought, as_of=AS_OF)
    where, csv = "/ranks/shifts/customers/", {"format": "csv"}

    looked, refused = bob_the_viewer.get(where), bob_the_viewer.get(where, csv)
    taken = alice_the_admin.get(where, csv)

    assert "#1" in looked.content.decode()
    assert "format=csv" not in looked.content.decode()
    assert (refused.status_code, taken.status_code) == (403, 200)
    (entry,) = Entry.objects.filter(action="customers.exported")
    assert (entry.actor, entry.detail["customers"]) == ("member:1", 1)


def test_without_shifts_the_page_says_why(alice_the_admin: Client) -> None:
    shop = Shop(warehouse(), "shifts", find_shifts)
    shop.refresh([Bought(1, AS_OF)], as_of=AS_OF)

    page = alice_the_admin.get("/ranks/shifts/").content.decode()

    assert "変化が見つかった顧客はいません" in page
    assert alice_the_admin.get("/api/shifts").json()["judged"] == 0
