from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from joren.plumbing.warehouse import warehouse
from joren.understand.economics import commands, selectors, services
from tests.understand.faces import run
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought


@pytest.fixture
def refreshed(home: Path, db: None) -> None:
    shop = Shop(warehouse(), "economics", services.weigh_economics)
    shop.refresh([Bought(n, date(2025, 1, 1 + n)) for n in range(20)], as_of=date(2026, 6, 30))


def test_the_report_shows_every_source(refreshed: None) -> None:
    shown = run(commands.report_economics).output

    assert "google (paid)" in shown
    assert "–" in shown


def test_the_report_is_json_for_programs(refreshed: None) -> None:
    document = json.loads(run(commands.report_economics, "--json").output)

    assert document["whole"]["revenue_first_year"]["value"] == 1000


def test_rules_are_set_by_option(db: None) -> None:
    shown = run(
        commands.economics_rules, "--paid-mediums", "cpc, Postcard", "--payback-months", "6"
    )

    assert "postcard" in shown.output
    assert selectors.economics_rules().payback_months == 6
