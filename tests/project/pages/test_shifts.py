"""The page of shifts: who, from which towards which, and a segment at one press."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
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


def test_without_shifts_the_page_says_why(alice_the_admin: Client) -> None:
    shop = Shop(warehouse(), "shifts", find_shifts)
    shop.refresh([Bought(1, AS_OF)], as_of=AS_OF)

    page = alice_the_admin.get("/ranks/shifts/").content.decode()

    assert "変化が見つかった顧客はいません" in page
    assert alice_the_admin.get("/api/shifts").json()["judged"] == 0
