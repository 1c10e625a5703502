from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from joren.plumbing.warehouse import warehouse
from joren.understand.cohorts import services
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

pytestmark = pytest.mark.urls("tests.understand.faces")


@pytest.fixture
def refreshed(home: Path, db: None) -> None:
    shop = Shop(warehouse(), "cohorts", services.follow_cohorts)
    shop.refresh([Bought(n, date(2026, 1, 1 + n)) for n in range(20)], as_of=date(2026, 6, 30))


def test_a_viewer_reads_cohorts(bob_the_viewer: Client, refreshed: None) -> None:
    report = bob_the_viewer.get("/api/rooms/cohorts").json()
    matrix = bob_the_viewer.get("/api/rooms/cohorts/matrix?measure=retention").json()
    by_sku = bob_the_viewer.get(
        "/api/rooms/cohorts/comparison?measure=revenue&dimension=sku"
    ).json()

    assert report["cohorts"] == 1
    assert matrix["rows"][0]["cells"][0]["value"] == 1
    assert by_sku["rows"][0]["value"] == "beans"


def test_a_measure_that_is_none_is_refused(bob_the_viewer: Client, refreshed: None) -> None:
    answer = bob_the_viewer.get("/api/rooms/cohorts/matrix?measure=magic")

    assert answer.status_code == 422
    assert "retention" in answer.json()["hint"]


def test_before_the_first_refresh_there_is_nothing_to_read(
    bob_the_viewer: Client, home: Path
) -> None:
    answer = bob_the_viewer.get("/api/rooms/cohorts")

    assert answer.status_code == 404
    assert answer.json()["hint"] == "joren refresh"
