from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from joren.plumbing.warehouse import warehouse
from joren.understand.economics import services
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

pytestmark = pytest.mark.urls("tests.understand.faces")


@pytest.fixture
def refreshed(home: Path, db: None) -> None:
    shop = Shop(warehouse(), "economics", services.weigh_economics)
    shop.refresh([Bought(n, date(2025, 1, 1)) for n in range(40)], as_of=date(2026, 6, 30))


def test_a_viewer_reads_economics(bob_the_viewer: Client, refreshed: None) -> None:
    answer = bob_the_viewer.get("/api/rooms/economics").json()

    assert answer["whole"]["revenue_first_year"]["value"] == 1000
    assert answer["whole"]["cac"]["value"] is None
    assert answer["whole"]["cac"]["why"]


def test_the_allowed_cost_is_asked_for_a_target(bob_the_viewer: Client, refreshed: None) -> None:
    answer = bob_the_viewer.get("/api/rooms/economics/allowed-cac?ratio=4").json()

    assert answer["items"][0]["figure"]["value"] == 100


def test_a_viewer_cannot_change_what_counts_as_paid(bob_the_viewer: Client) -> None:
    answer = bob_the_viewer.put(
        "/api/rooms/economics/rules", {"paid_mediums": []}, content_type="application/json"
    )

    assert answer.status_code == 403


def test_the_admin_changes_a_target(alice_the_admin: Client) -> None:
    answer = alice_the_admin.put(
        "/api/rooms/economics/rules", {"payback_months": 6}, content_type="application/json"
    )

    assert answer.json()["payback_months"] == 6
    history = alice_the_admin.get("/api/rooms/economics/rules/history").json()["items"]
    assert [one["rules"]["payback_months"] for one in history] == [6, 12]
