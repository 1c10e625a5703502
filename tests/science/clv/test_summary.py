"""What a summary accepts, refuses, and keeps when equal rows are put together."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.arrays import levels
from joren.science.clv import Summary


@pytest.mark.parametrize(
    ("frequency", "recency", "T", "said"),
    [
        ([1.5], [1], [2], "not a whole number"),
        ([-1], [0], [2], "not a whole number"),
        ([1], [3], [2], "recency is later than T"),
        ([1], [-1], [2], "recency is negative"),
        ([0], [1], [2], "nothing was repeated"),
        ([1], [0], [2], "purchases were repeated"),
        ([0], [0], [-2], "recency is later than T"),
        ([1], [1], [float("nan")], "T is not a finite number"),
        ([1, 2], [1], [2], "different lengths"),
        ([[1]], [[1]], [[2]], "2 dimensions"),
        (["many"], [1], [2], "not a column of numbers"),
        ([date(2026, 1, 1)], [1], [2], "not a column of numbers"),
    ],
)
def test_an_impossible_past_is_refused_by_name(frequency, recency, T, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        Summary(frequency, recency, T)


def test_a_refusal_counts_the_rows_and_shows_the_first() -> None:
    with pytest.raises(BadInput, match=r"in 2 of 3 rows, first in row 1 \(9\.0\)"):
        Summary([0, 1, 1], [0, 9, 8], [5, 5, 5])


def test_weights_must_not_all_be_nothing() -> None:
    with pytest.raises(BadInput, match="all weights are 0"):
        Summary([0], [0], [5], weights=[0])


def test_columns_of_other_libraries_are_taken_as_they_are() -> None:
    arrow = pytest.importorskip("pyarrow")

    summary = Summary(
        arrow.chunked_array([[1, 0]]), arrow.array([2.0, 0.0]), np.array([3, 3], dtype=np.int32)
    )

    assert summary.frequency.tolist() == [1.0, 0.0]
    assert summary.T.dtype == np.float64


def test_nobody_can_change_a_summary() -> None:
    summary = Summary([1], [1], [2])

    with pytest.raises(ValueError, match="read-only"):
        summary.recency[0] = 2


def test_equal_rows_become_one_with_their_weight() -> None:
    summary = Summary([2, 0, 2, 0], [5, 0, 5, 0], [9, 9, 9, 8], weights=[1, 2, 3, 4])

    small = summary.compressed()

    assert small.frequency.tolist() == [0, 0, 2]
    assert small.T.tolist() == [8, 9, 9]
    assert small.recency.tolist() == [0, 0, 5]
    assert small.weights.tolist() == [4, 2, 4]


rows = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 5), st.integers(5, 8), st.integers(1, 3)),
    min_size=1,
    max_size=60,
)


def _summary(table: list[tuple[int, int, int, int]]) -> Summary:
    x, t_x, age, heads = (np.array(part, dtype=float) for part in zip(*table, strict=True))
    return Summary(x, np.where(x > 0, t_x, 0), age, heads)


@given(rows)
@settings(deadline=None)
def test_compression_keeps_every_customer_and_no_row_twice(table) -> None:
    summary = _summary(table)

    small = summary.compressed()

    assert small.n == summary.n
    assert small.repeaters == summary.repeaters
    assert len(small) == len(set(zip(summary.frequency, summary.recency, summary.T, strict=True)))
    assert small.weights @ small.T == pytest.approx(summary.weights @ summary.T)


@given(rows, st.randoms())
@settings(deadline=None)
def test_the_order_of_customers_does_not_matter(table, chance) -> None:
    shuffled = list(table)
    chance.shuffle(shuffled)

    one, other = _summary(table).compressed(), _summary(shuffled).compressed()

    assert one.frequency.tolist() == other.frequency.tolist()
    assert one.weights.tolist() == other.weights.tolist()


@given(rows)
@settings(deadline=None)
def test_sorting_merges_as_packing_does(table) -> None:
    summary = _summary(table)

    packed, merged = summary.compressed(), summary._sorted_and_merged()

    for name in ("frequency", "recency", "T", "weights"):
        assert getattr(packed, name).tolist() == getattr(merged, name).tolist()


@pytest.mark.parametrize(
    "times",
    [
        lambda days: days / 7.0,  # a lattice that floats hold only nearly
        lambda days: days * 86_400.0 + 1e9,
        lambda days: np.where(days == 9, 9.25, days.astype(float)),  # one that is off the lattice
        lambda days: np.sqrt(days),
        lambda days: np.full(days.size, 30.0),
        lambda days: np.where(days == 9, 1e300, days.astype(float)),
    ],
)
def test_many_rows_are_grouped_as_few_are(times) -> None:
    rng = np.random.default_rng(4)
    x, age = rng.poisson(0.7, 9_000).astype(float), times(rng.integers(4, 40, 9_000))
    heads = rng.integers(1, 4, 9_000).astype(float)
    summary = Summary(x, np.where(x > 0, age, 0.0), age, heads)

    (small, where), told, merged = (
        summary.grouped(),
        summary.compressed(),
        summary._sorted_and_merged(),
    )

    for name in ("frequency", "recency", "T"):
        assert getattr(told, name).tolist() == getattr(merged, name).tolist()
        assert getattr(small, name)[where].tolist() == getattr(summary, name).tolist()
    assert told.weights.tolist() == merged.weights.tolist()


def test_levels_are_all_different_values_in_order() -> None:
    rng = np.random.default_rng(5)
    for values in (rng.integers(3, 90, 9_000) / 7.0, rng.random(9_000), np.zeros(9_000)):
        found = levels(values)

        assert found.values.tolist() == np.unique(values).tolist()
        assert found.spread(found.values).tolist() == values.tolist()


def test_an_even_sample_keeps_the_number_of_customers_in_proportion() -> None:
    summary = Summary(np.arange(1000) % 7, (np.arange(1000) % 7 > 0) * 3.0, np.full(1000, 9.0))

    sample = summary.compressed().thinned(3)

    assert len(sample) <= 3
    assert sample.n == 3
