from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from joren.plumbing.warehouse import warehouse
from joren.understand.ranks import selectors, services
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

pytestmark = pytest.mark.urls("tests.understand.faces")
AS_OF = date(2026, 6, 30)
BOUGHT = [Bought(n, date(2026, 1, 1 + n)) for n in range(1, 21)]


@pytest.fixture
def refreshed(home: Path, db: None) -> Shop:
    shop = Shop(warehouse(), "ranks", services.rank_customers)
    shop.refresh(BOUGHT, as_of=AS_OF)
    return shop


def test_a_viewer_reads_ranks(bob_the_viewer: Client, refreshed: Shop) -> None:
    answer = bob_the_viewer.get("/api/rooms/ranks").json()

    assert answer["customers"] == 20
    assert answer["survival"][0]["steps"][0]["onward"]["name"] == "f2_rate"


def test_an_earlier_snapshot_and_the_movement_since_can_be_asked(
    bob_the_viewer: Client, refreshed: Shop
) -> None:
    refreshed.refresh([*BOUGHT, Bought(1, date(2026, 7, 1))], as_of=date(2026, 7, 1))

    before = bob_the_viewer.get("/api/rooms/ranks?snapshot=1").json()
    moved = bob_the_viewer.get("/api/rooms/ranks/movement?before=1").json()

    assert before["as_of"] == "2026-06-30"
    assert {"before": "new", "after": "f2", "customers": 1} in moved["moves"]["stage"]


def test_members_of_a_group_come_in_slices(bob_the_viewer: Client, refreshed: Shop) -> None:
    address = "/api/rooms/ranks/customers?stage=new&limit=15"
    first = bob_the_viewer.get(address).json()

    second = bob_the_viewer.get(f"{address}&after={first['next']}").json()

    found = [one["customer_id"] for one in first["items"] + second["items"]]
    assert found == list(range(1, 21))
    assert second["next"] == ""


def test_a_viewer_cannot_change_the_bounds(bob_the_viewer: Client) -> None:
    answer = bob_the_viewer.put(
        "/api/rooms/ranks/rules", {"active_days": 1}, content_type="application/json"
    )

    assert answer.status_code == 403


def test_a_stranger_reads_nothing(charlie_the_stranger: Client, db: None) -> None:
    assert charlie_the_stranger.get("/api/rooms/ranks").status_code == 401


def test_the_admin_changes_one_bound_and_the_others_stay(alice_the_admin: Client) -> None:
    answer = alice_the_admin.put(
        "/api/rooms/ranks/rules", {"active_days": 100}, content_type="application/json"
    )

    assert answer.json()["active_days"] == 100
    assert answer.json()["vip_enter"] == 1000
    (now, _) = selectors.rules_history()
    assert now.changed_by.startswith("member:")
    history = alice_the_admin.get("/api/rooms/ranks/rules/history").json()["items"]
    assert [one["rules"]["active_days"] for one in history] == [100, 240]


def test_bounds_that_contradict_are_refused(alice_the_admin: Client) -> None:
    answer = alice_the_admin.put(
        "/api/rooms/ranks/rules", {"vip_keep": 1}, content_type="application/json"
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "RulesContradict"
