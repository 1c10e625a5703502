from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from joren.understand.economics.rules import spending

JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


def _row(month: date, amount: int, purpose: str | None = None) -> dict[str, Any]:
    return {
        "source": "google",
        "medium": "cpc",
        "month": month,
        "purpose": purpose,
        "amount": amount,
    }


def test_a_month_between_two_recorded_ones_cost_nothing() -> None:
    spent = spending.all_of([_row(JANUARY, 100), _row(MARCH, 300)])

    assert [spent.for_new(month) for month in (JANUARY, FEBRUARY, MARCH)] == [100, 0, 300]


def test_a_month_outside_the_recorded_ones_is_unknown() -> None:
    spent = spending.all_of([_row(FEBRUARY, 100)])

    assert (spent.for_new(JANUARY), spent.for_new(APRIL)) == (None, None)


def test_spend_for_repeat_purchases_wins_nobody_new() -> None:
    spent = spending.all_of(
        [_row(JANUARY, 100, "new"), _row(JANUARY, 30), _row(JANUARY, 7, "repeat")]
    )

    assert spent.for_new(JANUARY) == 130
    assert spent.of(JANUARY, "repeat") == 7


def test_no_row_at_all_is_unknown_and_not_zero() -> None:
    assert spending.all_of([]).for_new(JANUARY) is None


@pytest.mark.parametrize(
    ("as_of", "last"),
    [(date(2026, 3, 31), MARCH), (date(2026, 3, 30), FEBRUARY), (date(2026, 1, 5), JANUARY)],
)
def test_a_month_is_full_on_its_last_day(as_of: date, last: date) -> None:
    assert spending.full_months(as_of, since=date(2026, 1, 3), last=12)[-1] == last
