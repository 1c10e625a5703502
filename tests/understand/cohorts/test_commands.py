from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from joren.plumbing.warehouse import warehouse
from joren.understand.cohorts import commands, services
from tests.understand.faces import run
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought


@pytest.fixture
def refreshed(home: Path, db: None) -> None:
    shop = Shop(warehouse(), "cohorts", services.follow_cohorts)
    bought = [Bought(n, date(2026, 1, 1 + n)) for n in range(20)]
    shop.refresh([*bought, Bought(1, date(2026, 3, 1))], as_of=date(2026, 6, 30))


def test_the_report_shows_a_row_per_month(refreshed: None) -> None:
    shown = run(commands.report_cohorts).output

    assert "2026-01" in shown
    assert "5.0%" in shown


@pytest.mark.parametrize("measure", ["retention", "orders", "revenue", "profit"])
def test_every_measure_can_be_asked_by_product(refreshed: None, measure: str) -> None:
    shown = run(commands.report_cohorts, "--by", "sku", "--measure", measure).output

    assert "beans" in shown


def test_the_report_is_json_for_programs(refreshed: None) -> None:
    document = json.loads(run(commands.report_cohorts, "--json").output)

    assert document["report"]["cohorts"] == 1
    assert document["matrix"]["rows"][0]["customers"] == 20
