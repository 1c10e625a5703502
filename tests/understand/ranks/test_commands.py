from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.understand.ranks import commands, selectors, services
from tests.understand.faces import run
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)


@pytest.fixture
def refreshed(home: Path, db: None) -> None:
    shop = Shop(warehouse(), "ranks", services.rank_customers)
    shop.refresh([Bought(n, date(2026, 1, 1 + n)) for n in range(20)], as_of=AS_OF)


def test_the_report_shows_every_table(refreshed: None) -> None:
    shown = run(commands.report_ranks).output

    for word in ("初回現役", "新規", "Decile", "F1→F2", "VIP"):
        assert word in shown


def test_the_report_shows_the_grid_and_what_the_best_bring(refreshed: None) -> None:
    shown = run(commands.report_ranks).output
    document = json.loads(run(commands.report_ranks, "--json").output)

    grid = {
        (int(r), f): int(count)
        for r, counts in re.findall(r"R (\d)((?: +\d+){5})", shown)
        for f, count in enumerate(counts.split(), 1)
    }
    people: Counter[tuple[int, int]] = Counter()
    for cell in document["rfm"]:
        people[cell["r"], cell["f"]] += cell["customers"]
    assert len(grid) == 25
    assert sum(grid.values()) == 20
    assert grid == {place: people[place] for place in grid}
    assert "The best 10% of customers (2) bring 10.0% of revenue" in shown
    assert "The best 20% of customers (4) bring 20.0% of revenue" in shown


def test_the_report_is_json_for_programs(refreshed: None) -> None:
    document = json.loads(run(commands.report_ranks, "--json").output)

    assert document["customers"] == 20
    assert document["as_of"] == "2026-06-30"


def test_bounds_are_set_by_name(db: None) -> None:
    shown = run(commands.rank_rules, "--set", "active_days=180", "--set", "purchases=2,3,4,5")

    assert "180" in shown.output
    assert selectors.rank_rules().purchases == (2, 3, 4, 5)


def test_a_bound_without_a_value_is_refused(db: None) -> None:
    with pytest.raises(BadInput, match="sets nothing"):
        run(commands.rank_rules, "--set", "active_days")
