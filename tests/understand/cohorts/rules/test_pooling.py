from __future__ import annotations

from datetime import date
from typing import Any

from joren.understand.cohorts.rules import pooling


def _row(month: int, age: int, customers: int, revenue: int, **more: Any) -> dict[str, Any]:
    return {
        "value": "beans",
        "cohort": date(2026, month, 1),
        "age": age,
        "customers": customers,
        "mature": True,
        "active": customers,
        "orders": customers,
        "orders_squares": float(customers),
        "revenue_to_date": revenue,
        "revenue_squares": 0.0,
        "profit_to_date": revenue // 2,
        "profit_squares": 0.0,
        **more,
    }


def test_a_curve_does_not_fall_where_the_best_cohort_is_young() -> None:
    rows = [_row(1, 0, 10, 1000), _row(1, 1, 10, 1200), _row(2, 0, 10, 9000)]

    (beans,) = pooling.by_value(rows).values()

    assert [one.sums.customers for one in beans] == [20, 10]
    assert [one.revenue for one in beans] == [500, 520]
    assert [one.profit for one in beans] == [250, 260]


def test_profit_is_unknown_from_the_first_unknown_month_on() -> None:
    unknown = {"profit_to_date": None, "profit_squares": None}
    rows = [_row(1, 0, 1, 10), _row(1, 1, 1, 20, **unknown), _row(1, 2, 1, 30, **unknown)]

    (beans,) = pooling.by_value(rows).values()

    assert [one.profit for one in beans] == [5, None, None]


def test_a_month_that_is_still_running_is_left_out() -> None:
    rows = [_row(1, 0, 1, 10), _row(1, 1, 1, 20, mature=False)]

    (beans,) = pooling.by_value(rows).values()

    assert [one.sums.age for one in beans] == [0]


def test_a_cohort_alone_has_what_it_has() -> None:
    (cells,) = pooling.by_cohort([_row(1, 1, 4, 100), _row(1, 0, 4, 60)]).values()

    assert [(one.sums.age, one.revenue, one.profit) for one in cells] == [
        (0, 15, 7.5),
        (1, 25, 12.5),
    ]
