from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from joren.plumbing.warehouse import warehouse
from joren.understand.cohorts import selectors, services
from joren.understand.cohorts.contracts import NoCohortsYet, NoSuchMatrix
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)


@pytest.fixture
def shop(home: Path, db: None) -> Shop:
    return Shop(warehouse(), "cohorts", services.follow_cohorts)


def _january(customer: int, **more: object) -> Bought:
    return Bought(customer, date(2026, 1, 10), **more)  # type: ignore[arg-type]


def _crowd() -> list[Bought]:
    """Forty who began in January, ten of whom came again in March; one who began in June."""
    first = [_january(n, sku="beans" if n < 30 else "mug") for n in range(40)]
    again = [Bought(n, date(2026, 3, 5), 3000, 1200) for n in range(10)]
    return [*first, *again, Bought(99, date(2026, 6, 2), sku="filter")]


def test_a_matrix_has_a_row_per_month_and_a_cell_per_age(shop: Shop) -> None:
    snapshot = shop.refresh(_crowd(), as_of=AS_OF)

    table = selectors.matrix(snapshot, measure="retention")

    assert [row.cohort for row in table.rows] == [date(2026, 1, 1), date(2026, 6, 1)]
    january, june = table.rows
    assert [cell.value for cell in january.cells] == [1, 0, 0.25, 0, 0, 0]
    assert all(cell.mature and not cell.thin for cell in january.cells)
    assert [(cell.n, cell.thin) for cell in june.cells] == [(1, True)]
    march = table.figure(january.cells[2])
    assert march.low is not None
    assert march.high is not None
    assert march.low < 0.25 < march.high


def test_cumulative_money_is_per_customer_of_the_cohort(shop: Shop) -> None:
    snapshot = shop.refresh(_crowd(), as_of=AS_OF)

    revenue = selectors.matrix(snapshot, measure="revenue").rows[0].cells
    profit = selectors.matrix(snapshot, measure="profit").rows[0].cells

    assert [cell.value for cell in revenue] == [1000, 1000, 1750, 1750, 1750, 1750]
    assert [cell.value for cell in profit] == [400, 400, 700, 700, 700, 700]


def test_profit_is_unknown_where_a_cost_is_missing(shop: Shop) -> None:
    bought = [_january(1), Bought(1, date(2026, 2, 1), profit=None)]
    snapshot = shop.refresh(bought, as_of=AS_OF)

    table = selectors.matrix(snapshot, measure="profit")

    january, *later = table.rows[0].cells
    assert january.value == 400
    assert all(cell.value is None for cell in later)
    assert "cost" in table.figure(later[0]).why


def test_a_comparison_tells_which_first_product_leads_on(shop: Shop) -> None:
    snapshot = shop.refresh(_crowd(), as_of=AS_OF)

    table = selectors.comparison(snapshot, dimension="sku", measure="retention")

    after_two_months = {row.value: row.cells[2].value for row in table.rows if len(row.cells) > 2}
    assert after_two_months == {"beans": 10 / 30, "mug": 0}
    assert [row.value for row in table.rows] == ["beans", "mug", "filter"]


def test_a_store_is_called_by_its_name(shop: Shop) -> None:
    snapshot = shop.refresh(_crowd(), as_of=AS_OF, store_names={1: "本店"})

    table = selectors.comparison(snapshot, dimension="store", measure="orders")

    assert [(row.value, row.label) for row in table.rows] == [("1", "本店")]


def test_headlines_say_why_they_are_not_known(shop: Shop) -> None:
    report = selectors.cohort_report(shop.refresh(_crowd(), as_of=AS_OF))

    assert report.cohorts == 2
    assert report.figures["retention_3"].value == 0
    assert report.figures["retention_3"].n == 40
    assert report.figures["retention_12"].value is None
    assert "12 full months" in report.figures["retention_12"].why


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({"measure": "magic"}, "retention"),
        ({"measure": "orders", "dimension": "colour"}, "category"),
        ({"measure": "orders", "dimension": "sku", "value": "tea"}, "GET /cohorts"),
    ],
)
def test_what_is_not_followed_is_refused_with_what_is(
    shop: Shop, asked: dict[str, str], known: str
) -> None:
    snapshot = shop.refresh(_crowd(), as_of=AS_OF)

    with pytest.raises(NoSuchMatrix) as refused:
        selectors.matrix(snapshot, **asked)

    assert known in refused.value.hint


def test_a_snapshot_without_cohorts_says_so(shop: Shop) -> None:
    shop.step = lambda _refresh: {}

    with pytest.raises(NoCohortsYet):
        selectors.cohort_report(shop.refresh(_crowd(), as_of=AS_OF))
