from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.cohorts.contracts import DIMENSIONS, TAIL
from joren.understand.cohorts.rules import cells, months
from joren.understand.ltv.rules.movements import movements
from joren.warehouse import Engine, Holding
from tests.understand import tables
from tests.understand.tables import Bought, Credit

AS_OF = date(2026, 6, 15)

shopping = st.lists(
    st.builds(
        Bought,
        customer=st.integers(1, 6),
        on=st.integers(0, 300).map(lambda days: AS_OF - timedelta(days=days)),
        revenue=st.integers(0, 5000),
        profit=st.one_of(st.none(), st.integers(-500, 3000)),
        store=st.integers(1, 2),
        sku=st.sampled_from(["beans", "mug", None]),
        source=st.sampled_from(["google", None]),
        medium=st.sampled_from(["cpc", None]),
    ),
    min_size=1,
    max_size=40,
)


def _cells(
    engine: Engine,
    holding: Holding,
    bought: list[Bought],
    credits: tuple[Credit, ...] = (),
    messages: tuple[Credit, ...] = (),
) -> list[dict[str, Any]]:
    taken = (tables.purchases(bought), tables.credits(credits), tables.messages(messages))
    moved = movements(*map(holding.take, taken))
    began = holding.hold(months.beginnings(holding.take(tables.values(bought, AS_OF))))
    kinds = holding.hold(months.kinds(began))
    numbered = holding.hold(months.numbered(began, kinds))
    by_month = holding.hold(months.by_month(moved, numbered, kinds))
    return engine.rows(cells.cells(cells.sizes(kinds), cells.sums(by_month), AS_OF))


def _age(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


@given(shopping)
@settings(max_examples=15)
def test_cells_are_what_counting_by_hand_gives(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    found = [row for row in _cells(engine, holding, bought) if row["dimension"] == "all"]

    first = {
        one.customer: min(o.on for o in bought if o.customer == one.customer) for one in bought
    }
    for row in found:
        members = {c for c, on in first.items() if on.replace(day=1) == row["cohort"]}
        theirs = [one for one in bought if one.customer in members]
        now = [one for one in theirs if _age(row["cohort"], one.on) == row["age"]]
        past = [one for one in theirs if _age(row["cohort"], one.on) <= row["age"]]
        each = [sum(one.revenue for one in past if one.customer == c) for c in members]
        assert row["customers"] == len(members)
        assert row["active"] == len({one.customer for one in now})
        assert row["orders"] == len(now)
        assert row["revenue"] == sum(one.revenue for one in now)
        assert row["revenue_to_date"] == sum(each)
        assert row["revenue_squares"] == pytest.approx(sum(x * x for x in each), rel=1e-12)
        costed = [one for one in past if one.profit is not None]
        assert row["costed_revenue"] == sum(one.revenue for one in costed)
        assert row["costed_profit"] == sum(one.profit or 0 for one in costed)
        if len(costed) < len(past):
            assert row["profit_to_date"] is None
        else:
            assert row["profit_to_date"] == row["costed_profit"]


@given(shopping)
@settings(max_examples=15)
def test_every_dimension_adds_up_to_the_whole(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    found = _cells(engine, holding, bought)

    for dimension in DIMENSIONS:
        rows = [row for row in found if row["dimension"] == dimension]
        assert sum(row["revenue"] for row in rows) == sum(one.revenue for one in bought)
        assert sum(row["orders"] for row in rows) == len(bought)
        begun = sum(row["customers"] for row in rows if row["age"] == 0)
        assert begun == len({one.customer for one in bought})


@given(shopping)
@settings(max_examples=15)
def test_cumulative_revenue_never_falls_without_refunds(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    found = _cells(engine, holding, bought)

    before: dict[tuple[Any, ...], int] = {}
    for row in sorted(found, key=lambda row: row["age"]):
        cohort = (row["dimension"], row["value"], row["cohort"])
        assert row["revenue_to_date"] >= before.get(cohort, 0)
        before[cohort] = row["revenue_to_date"]


def test_the_month_that_is_still_running_is_not_mature(engine: Engine, holding: Holding) -> None:
    found = _cells(engine, holding, [Bought(1, date(2026, 4, 30))])

    mature = {row["age"]: row["mature"] for row in found if row["dimension"] == "all"}
    assert mature == {0: True, 1: True, 2: False}


def test_a_credit_note_reduces_revenue_and_is_no_purchase(engine: Engine, holding: Holding) -> None:
    bought = [Bought(1, date(2026, 4, 1), revenue=1000, profit=400)]

    found = _cells(engine, holding, bought, ((1, date(2026, 5, 3), 300),))

    (may,) = (row for row in found if row["dimension"] == "all" and row["age"] == 1)
    assert (may["active"], may["orders"]) == (0, 0)
    assert (may["revenue"], may["revenue_to_date"], may["profit_to_date"]) == (-300, 700, 100)
    assert may["revenue_squares"] == 700 * 700


def test_a_message_costs_profit_in_its_month_and_before_the_first_order_in_the_first(
    engine: Engine, holding: Holding
) -> None:
    bought = [Bought(1, date(2026, 4, 1), revenue=1000, profit=400)]
    sent = ((1, date(2026, 3, 3), 5), (1, date(2026, 5, 3), 7), (2, date(2026, 5, 3), 900))

    found = _cells(engine, holding, bought, messages=sent)

    profits = {row["age"]: row["profit_to_date"] for row in found if row["dimension"] == "all"}
    assert (profits[0], profits[1]) == (395, 388)
    assert {row["revenue_to_date"] for row in found if row["dimension"] == "all"} == {1000}


def test_products_beyond_the_twenty_most_frequent_are_put_together(
    engine: Engine, holding: Holding
) -> None:
    day = date(2026, 6, 1)
    often = [Bought(n, day, sku=f"sku{n % 20:02}") for n in range(40)]
    seldom = [Bought(100 + n, day, sku=f"rare{n}") for n in range(3)]
    nameless = [Bought(200, day, sku=None)]

    found = _cells(engine, holding, [*often, *seldom, *nameless])

    sizes = {row["value"]: row["customers"] for row in found if row["dimension"] == "sku"}
    assert len(sizes) == 22
    assert sizes[TAIL] == 3
    assert sizes[None] == 1
    assert sizes["sku00"] == 2


def test_a_source_is_named_with_its_medium(engine: Engine, holding: Holding) -> None:
    day = date(2026, 6, 1)
    one = Bought(1, day, source="google", medium="cpc")
    bought = [one, replace(one, customer=2, medium=None), replace(one, customer=3, source=None)]
    bought.append(replace(one, customer=4, source=None, medium=None))

    found = _cells(engine, holding, bought)

    names = {row["value"] for row in found if row["dimension"] == "source"}
    assert names == {"google / cpc", "google / —", "— / cpc", None}


def test_squares_of_large_money_do_not_overflow(engine: Engine, holding: Holding) -> None:
    days = ((date(2026, 4, 1), 3_000_000_000), (date(2026, 5, 1), 5_000_000_000))
    bought = [Bought(1, on, revenue) for on, revenue in days]

    found = _cells(engine, holding, bought)

    (may,) = (row for row in found if row["dimension"] == "all" and row["age"] == 1)
    assert may["revenue_squares"] == 64e18
