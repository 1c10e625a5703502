from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.understand.ranks.contracts import CPM_GROUPS, Edges, RankRules, VipBounds
from joren.understand.ranks.rules import counting, standing
from joren.understand.ranks.rules.settings import filled
from joren.warehouse import Engine, Holding
from tests.understand import tables
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)
NO_EDGES = Edges((None,) * 4, (None,) * 4, (None,) * 4)
NO_VIP = VipBounds(None, None)

shopping = st.lists(
    st.builds(
        Bought,
        customer=st.integers(1, 12),
        on=st.integers(0, 800).map(lambda days: AS_OF - timedelta(days=days)),
        revenue=st.integers(0, 100_000),
    ),
    min_size=1,
    max_size=60,
)


def _placed(
    engine: Engine,
    holding: Holding,
    bought: list[Bought],
    *,
    edges: Edges = NO_EDGES,
    vip: VipBounds = NO_VIP,
    was_vip: set[int] | None = None,
) -> list[dict[str, Any]]:
    before = None
    if was_vip is not None:
        ids = pa.array(sorted(was_vip), pa.int64())
        vips = pa.array([True] * len(was_vip), pa.bool_())
        before = holding.take(pa.table({"customer_id": ids, "vip": vips}))
    measures = standing.measured(
        holding.take(tables.values(bought, AS_OF)),
        holding.take(tables.purchases(bought)),
        before,
        AS_OF,
    )
    ranks = standing.placed(measures, filled(RankRules(), "JPY"), edges, vip)
    return engine.rows(ranks.order_by("customer_id"))


def _one(engine: Engine, holding: Holding, *bought: Bought) -> dict[str, Any]:
    (row,) = _placed(engine, holding, list(bought))
    return row


def _days_ago(days: int, revenue: int = 1000) -> Bought:
    return Bought(1, AS_OF - timedelta(days=days), revenue)


@pytest.mark.parametrize(
    ("days_ago", "revenue", "group"),
    [
        ([240], 1000, "初回現役"),
        ([241], 1000, "初回離脱"),
        ([0, 0], 1000, "初回現役"),  # two orders of one day are one purchase
        ([89, 0], 90_000, "よちよち現役"),
        ([90, 0], 35_000, "コツコツ現役"),
        ([90, 0], 35_001, "流行現役"),
        ([209, 0], 35_001, "流行現役"),
        ([210, 0], 35_001, "優良現役"),
        ([451, 241], 35_001, "優良離脱"),
        ([330, 241], 1000, "よちよち離脱"),
    ],
)
def test_cpm_has_the_groups_of_mail_order(
    engine: Engine, holding: Holding, days_ago: list[int], revenue: int, group: str
) -> None:
    row = _one(engine, holding, *(_days_ago(days, revenue) for days in days_ago))

    assert row["cpm"] == group
    assert group in CPM_GROUPS


@pytest.mark.parametrize(
    ("days_ago", "stage"),
    [
        ([0], "new"),
        ([9, 3], "f2"),
        ([9, 5, 3], "active"),
        ([300], "lapsed"),
        ([999, 300], "lapsed"),
    ],
)
def test_a_stage_is_told_by_purchases_and_by_silence(
    engine: Engine, holding: Holding, days_ago: list[int], stage: str
) -> None:
    assert _one(engine, holding, *map(_days_ago, days_ago))["stage"] == stage


@given(shopping)
@settings(max_examples=15)
def test_deciles_part_the_customers_into_equal_groups_by_revenue(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    rows = _placed(engine, holding, bought)

    sizes = [sum(row["decile"] == decile for row in rows) for decile in range(1, 11)]
    assert sum(sizes) == len({one.customer for one in bought})
    assert max(sizes) - min(sizes) <= 1
    best_first = sorted(rows, key=lambda row: row["decile"])
    for better, worse in pairwise(best_first):
        assert better["decile"] == worse["decile"] or better["revenue"] >= worse["revenue"]


@given(shopping)
@settings(max_examples=15)
def test_ranks_rise_with_what_they_rank(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    edges = Edges((400, 200, 100, 30), (2, 3, 4, 5), (10_000, 50_000, 100_000, 200_000))

    rows = _placed(engine, holding, bought, edges=edges)

    for row in rows:
        assert row["rfm_r"] == 1 + sum(row["days"] <= edge for edge in (400, 200, 100, 30))
        assert row["rfm_f"] == 1 + sum(row["purchases"] >= edge for edge in (2, 3, 4, 5))
        assert row["rfm_m"] == 1 + sum(
            row["revenue"] >= edge for edge in (10_000, 50_000, 100_000, 200_000)
        )


@given(shopping, st.sets(st.integers(1, 12)))
@settings(max_examples=15)
def test_nobody_between_the_bounds_changes_sides(
    engine: Engine, holding: Holding, bought: list[Bought], was_vip: set[int]
) -> None:
    bounds = VipBounds(enter=60_000, keep=40_000)

    rows = _placed(engine, holding, bought, vip=bounds, was_vip=was_vip)

    for row in rows:
        revenue = row["year_revenue"] or 0
        if revenue >= 60_000:
            assert row["vip"]
        elif revenue < 40_000:
            assert not row["vip"]
        else:
            assert row["vip"] == (row["customer_id"] in was_vip)


def test_the_year_is_365_days_with_the_last_one_in_it(engine: Engine, holding: Holding) -> None:
    row = _one(engine, holding, _days_ago(365, 1), _days_ago(364, 10), _days_ago(0, 100))

    assert row["year_revenue"] == 110


@given(shopping)
@settings(max_examples=15)
def test_groups_and_pareto_add_up_to_the_whole(
    engine: Engine, holding: Holding, bought: list[Bought]
) -> None:
    measures = standing.measured(
        holding.take(tables.values(bought, AS_OF)),
        holding.take(tables.purchases(bought)),
        None,
        AS_OF,
    )
    ranks = holding.hold(standing.placed(measures, filled(RankRules(), "JPY"), NO_EDGES, NO_VIP))

    whole = sum(one.revenue for one in bought)
    for by in ("decile", "cpm", "stage"):
        groups = engine.rows(counting.totals(ranks, [by]))
        assert sum(group["revenue"] for group in groups) == whole
        assert sum(group["customers"] for group in groups) == len({b.customer for b in bought})
    curve = counting.pareto(engine.rows(counting.pareto_parts(ranks)))
    assert curve[-1].revenue == whole
    assert curve[-1].customer_share == 1
    assert [point.revenue for point in curve] == sorted(point.revenue for point in curve)
