"""The page of cohorts: every cell with its interval, and a page that stays light."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from joren.plumbing.warehouse import warehouse
from joren.project.pages.tables import Table
from joren.understand.cohorts import selectors, services
from joren.understand.ltv.selectors import snapshot
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

MONTHS = [date(2023 + n // 12, n % 12 + 1, 5) for n in range(36)]


@pytest.fixture
def three_years(home: Path, db: None) -> None:
    """Each month two people begin; one of them comes back in every month after."""
    shop = Shop(warehouse(), "cohorts", services.follow_cohorts)
    bought = [
        Bought(2 * n + who, on, store=1 + n % 2)
        for n, began in enumerate(MONTHS)
        for who in (0, 1)
        for on in (MONTHS[n:] if who else [began])
    ]
    shop.refresh(bought, as_of=date(2025, 12, 31), store_names={1: "own", 2: "mall"})


def intervals(page: Client, address: str) -> Table:
    sections = page.get(address).context["sections"]
    (table,) = [
        table for one in sections for table in one.tables if table.name == "cohort-intervals"
    ]
    return table


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize("measure", ["retention", "revenue"])
def test_every_cell_has_its_interval_in_its_place(bob_the_viewer: Client, measure: str) -> None:
    table = intervals(bob_the_viewer, f"/cohorts/?measure={measure}")

    found = selectors.matrix(snapshot(), measure=measure)
    assert len(found.rows) == len(table.rows) == 36
    for row, shown in zip(found.rows, table.rows, strict=True):
        for cell in row.cells:
            if cell.mature:
                place = 2 + 2 * cell.age
                assert shown.cells[place : place + 2] == [cell.low, cell.high]
                assert cell.n == shown.cells[1]


@pytest.mark.usefixtures("three_years")
def test_months_together_say_of_how_many_each_cell_is(bob_the_viewer: Client) -> None:
    table = intervals(bob_the_viewer, "/cohorts/?dimension=store")

    found = selectors.comparison(snapshot(), dimension="store", measure="retention")
    for row, shown in zip(found.rows, table.rows, strict=True):
        known = [cell for cell in row.cells if cell.mature]
        assert [shown.cells[4 + 3 * cell.age] for cell in known] == [cell.n for cell in known]
        assert known[-1].n < row.customers


@pytest.mark.usefixtures("three_years")
def test_three_years_of_months_stay_a_light_page(bob_the_viewer: Client) -> None:
    spent = []
    for _ in range(3):
        before = time.process_time()
        page = bob_the_viewer.get("/cohorts/?measure=revenue").content
        spent.append(time.process_time() - before)

    assert len(page) < 500_000
    assert min(spent) < 0.3
