from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from joren.understand.ranks.rules import edges
from joren.warehouse import Engine, Holding

FIFTHS = (2000, 4000, 6000, 8000)
amounts = st.lists(st.integers(-50, 50), min_size=1, max_size=40)


def _quantile_ranks(engine: Engine, holding: Holding, numbers: list[int]) -> list[int]:
    table = holding.take(pa.table({"x": pa.array(numbers, pa.int64())}))
    reached = tuple(engine.rows(edges.above_shares(table.x, FIFTHS))[0].values())
    ranked = table.select(table.x, rank=edges.rank_from(table.x, reached))
    found = {row["x"]: row["rank"] for row in engine.rows(ranked)}
    return [found[number] for number in numbers]


@given(amounts)
def test_a_rank_is_the_fifths_of_customers_strictly_below(
    engine: Engine, holding: Holding, numbers: list[int]
) -> None:
    ranks = _quantile_ranks(engine, holding, numbers)

    below = [sum(other < number for other in numbers) for number in numbers]
    assert ranks == [1 + min(4, 5 * b // len(numbers)) for b in below]


@given(amounts)
def test_more_never_ranks_lower_and_equals_rank_equal(
    engine: Engine, holding: Holding, numbers: list[int]
) -> None:
    ranks = _quantile_ranks(engine, holding, numbers)

    for one, rank in zip(numbers, ranks, strict=True):
        for other, other_rank in zip(numbers, ranks, strict=True):
            assert one <= other or rank >= other_rank
            assert one != other or rank == other_rank


def test_a_hundred_different_customers_make_five_equal_ranks(
    engine: Engine, holding: Holding
) -> None:
    ranks = _quantile_ranks(engine, holding, list(range(100)))

    assert [ranks.count(rank) for rank in (1, 2, 3, 4, 5)] == [20] * 5


def test_one_time_buyers_share_the_lowest_rank_however_many(
    engine: Engine, holding: Holding
) -> None:
    ranks = _quantile_ranks(engine, holding, [1] * 70 + [2] * 20 + [3] * 10)

    assert ranks == [1] * 70 + [4] * 20 + [5] * 10


@given(amounts, st.sampled_from([500, 1000, 1500, 5000]))
def test_a_top_share_is_never_more_than_it(
    engine: Engine, holding: Holding, numbers: list[int], share: int
) -> None:
    table = holding.take(pa.table({"x": pa.array(numbers, pa.int64())}))

    edge = engine.rows(edges.within_top(table.x, (share,)))[0]["edge_0"]

    inside = 0 if edge is None else sum(number >= edge for number in numbers)
    assert inside * 10_000 <= len(numbers) * share
    next_lower = max((n for n in numbers if edge is None or n < edge), default=None)
    if next_lower is not None:  # and no larger group would have fitted
        assert sum(n >= next_lower for n in numbers) * 10_000 > len(numbers) * share
