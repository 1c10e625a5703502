from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.economics.contracts import CurvePoint
from joren.understand.economics.rules import curves, sums
from joren.understand.economics.rules.touch import Paid
from joren.understand.ltv.rules.movements import movements
from joren.warehouse import Engine, Holding
from tests.understand import tables
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)
NOTHING = Paid((), (), ())

shopping = st.lists(
    st.builds(
        Bought,
        customer=st.integers(1, 6),
        on=st.integers(0, 900).map(lambda days: AS_OF - timedelta(days=days)),
        revenue=st.integers(0, 5000),
        profit=st.integers(-500, 3000),
    ),
    min_size=1,
    max_size=40,
)


def _curve(engine: Engine, holding: Holding, bought: list[Bought]) -> tuple[CurvePoint, ...]:
    values = holding.take(tables.values(bought, AS_OF))
    customers = holding.hold(sums.customers(values, NOTHING, as_of=AS_OF))
    taken = (tables.purchases(bought), tables.credits(()), tables.messages(()))
    money = sums.money(movements(*map(holding.take, taken)), customers)
    return curves.curve(
        engine.rows(sums.curve_parts(money)), engine.rows(sums.curve_customers(customers))
    )


@given(shopping)
@settings(max_examples=15)
def test_each_month_adds_what_counting_by_hand_gives(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    points = _curve(engine, holding, bought)

    first: dict[int, date] = {}
    for one in bought:
        first[one.customer] = min(one.on, first.get(one.customer, one.on))
    revenue = profit = 0.0
    for point in points:
        start = curves.days_of(point.month - 1) if point.month else -1
        end = curves.days_of(point.month)
        mature = {c for c, on in first.items() if on + timedelta(days=end) <= AS_OF}
        added = [
            b
            for b in bought
            if b.customer in mature and start < (b.on - first[b.customer]).days <= end
        ]
        revenue += sum(one.revenue for one in added) / len(mature)
        profit += sum(one.profit or 0 for one in added) / len(mature)
        assert point.n == len(mature)
        assert point.revenue == pytest.approx(revenue)
        assert point.profit is None or point.profit == pytest.approx(profit)


@given(shopping)
@settings(max_examples=15)
def test_a_curve_of_revenue_never_falls(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    revenue = [point.revenue for point in _curve(engine, holding, bought)]

    assert revenue == sorted(revenue)


def test_a_curve_does_not_fall_where_the_best_customers_are_young() -> None:
    parts = [
        {
            "step": 0,
            "mature": 0,
            "revenue": 90_000,
            "costed": 90_000,
            "profit": 9000,
            "message_cost": 0,
        },
        {
            "step": 0,
            "mature": 1,
            "revenue": 10_000,
            "costed": 10_000,
            "profit": 1000,
            "message_cost": 0,
        },
        {"step": 1, "mature": 1, "revenue": 1000, "costed": 1000, "profit": 100, "message_cost": 0},
    ]
    customers = [{"mature": 0, "customers": 5}, {"mature": 1, "customers": 5}]

    assert [point.revenue for point in curves.curve(parts, customers)] == [10_000, 10_200]


def test_month_twelve_is_day_365() -> None:
    assert [curves.days_of(month) for month in (0, 1, 6, 12, 24)] == [0, 30, 183, 365, 730]


def _point(month: int, profit: float | None, n: int = 100) -> CurvePoint:
    return CurvePoint(month, n, 1000.0, profit)


def test_payback_is_at_once_where_the_first_order_covers_the_cost() -> None:
    assert curves.payback([_point(0, 500), _point(1, 600)], 500) == curves.Payback(0, 1)


def test_a_month_that_few_have_reached_ends_no_payback() -> None:
    points = [_point(0, 100), _point(1, 200), _point(2, 900, n=29)]

    assert curves.payback(points, 500) == curves.Payback(None, 1)


def test_without_a_known_profit_there_is_no_payback() -> None:
    assert curves.payback([_point(0, None)], 500) == curves.Payback(None, None)


@pytest.mark.parametrize(("costed", "expected"), [(1000, 0.4), (800, 0.5), (799, None), (0, None)])
def test_a_margin_needs_the_cost_of_four_fifths(costed: int, expected: float | None) -> None:
    assert curves.margin(1000, costed, 400) == expected


def test_what_messages_cost_is_not_multiplied_where_some_costs_of_goods_are_unknown() -> None:
    # Of 10,000 the cost of 8,000 is known, at 40 %; messages cost 400 for all of it.
    part = {"revenue": 10_000, "costed": 8_000, "profit": 3_200 - 400, "message_cost": 400}
    people = [{"mature": 0, "customers": 1}]

    (point,) = curves.curve([{"step": 0, "mature": 0, **part}], people)
    margin = curves.margin(10_000, 8_000, 3_200, 400)

    assert point.profit == pytest.approx(3_600)
    assert margin == pytest.approx(0.36)
