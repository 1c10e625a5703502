from __future__ import annotations

from datetime import date, timedelta

import ibis.expr.types as ir
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.ltv.rules import summary
from joren.understand.ranks.contracts import STEPS, WINDOWS
from joren.understand.ranks.rules import survival
from joren.warehouse import Engine, Holding
from tests.understand import tables
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)
shopping = st.lists(
    st.builds(
        Bought,
        customer=st.integers(1, 6),
        on=st.integers(0, 500).map(lambda days: AS_OF - timedelta(days=days)),
    ),
    min_size=1,
    max_size=50,
)


def first_visits(holding: Holding, bought: list[Bought]) -> ir.Table:
    return survival.first_visits(summary.visits(holding.take(tables.purchases(bought))))


def _days(bought: list[Bought]) -> dict[int, list[date]]:
    return {
        customer: sorted({one.on for one in bought if one.customer == customer})
        for customer in {one.customer for one in bought}
    }


@given(shopping)
@settings(max_examples=15)
def test_steps_are_what_counting_by_hand_gives(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    visits = first_visits(holding, bought)

    rows = {row["visit"]: row for row in engine.rows(survival.steps(visits, AS_OF))}

    by_hand = _days(bought)
    for window in WINDOWS:
        span = timedelta(days=window)
        for k in range(1, STEPS + 1):
            came = [days for days in by_hand.values() if len(days) >= k]
            waited = [days for days in came if days[k - 1] + span <= AS_OF]
            onward = [d for d in waited if len(d) > k and d[k] - d[k - 1] <= span]
            reached = [d for d in came if d[0] + span <= AS_OF and d[k - 1] - d[0] <= span]
            row = rows.get(k)
            if row is None:
                assert not came
                continue
            assert row[f"waited_{window}"] == len(waited)
            assert row[f"onward_{window}"] == len(onward)
            assert row[f"reached_{window}"] == len(reached)


@given(shopping)
@settings(max_examples=15)
def test_fewer_and_fewer_reach_the_next_purchase(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    visits = first_visits(holding, bought)

    rows = engine.rows(survival.steps(visits, AS_OF))

    for window in WINDOWS:
        reached = [row[f"reached_{window}"] for row in rows]
        assert reached == sorted(reached, reverse=True)


@given(shopping)
@settings(max_examples=20)
def test_first_months_add_up_to_the_first_step(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    visits = holding.hold(first_visits(holding, bought))

    months = engine.rows(survival.by_first_month(visits, AS_OF))

    first = engine.rows(survival.steps(visits, AS_OF))[0]
    assert sum(month["customers"] for month in months) == len(_days(bought))
    for window in WINDOWS:
        for name in (f"waited_{window}", f"onward_{window}"):
            assert sum(month[name] for month in months) == first[name]


def test_whoever_came_too_lately_is_not_counted_yet(engine: Engine, holding: Holding) -> None:
    bought = [Bought(1, AS_OF - timedelta(days=29)), Bought(2, AS_OF - timedelta(days=30))]
    visits = first_visits(holding, bought)

    (row,) = engine.rows(survival.steps(visits, AS_OF))

    assert row["waited_30"] == 1
