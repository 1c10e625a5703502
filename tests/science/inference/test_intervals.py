"""Intervals against SciPy and textbook numbers, one and many at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from joren.core.errors import BadInput
from joren.science.inference import Sums, mean_interval, proportion_interval

spend = st.lists(st.integers(0, 100_000), min_size=2, max_size=40)


@given(spend, spend)
def test_parts_add_up_to_the_whole(one, other) -> None:
    together = Sums.of(one) + Sums.of(other)
    whole = Sums.of(one + other)

    assert float(together.mean) == pytest.approx(float(whole.mean))
    assert float(together.variance) == pytest.approx(float(whole.variance))


@given(spend)
def test_the_interval_of_a_mean_is_students(values) -> None:
    found = mean_interval(Sums.of(values), 0.9)

    error = np.std(values, ddof=1) / np.sqrt(len(values))
    half = stats.t.ppf(0.95, len(values) - 1) * error
    assert float(found.estimate) == pytest.approx(np.mean(values))
    assert float(found.high - found.low) == pytest.approx(2 * half, abs=1e-6)


def test_many_groups_at_once_are_each_alone() -> None:
    groups = Sums([3, 1, 0], [6.0, 5.0, 0.0], [14.0, 25.0, 0.0])

    found = mean_interval(groups)

    assert found.estimate.tolist()[:2] == [2.0, 5.0]
    assert found.low[0] == pytest.approx(2 - 4.302653 / np.sqrt(3))
    assert np.isnan(found.low[1:]).all()
    assert np.isnan(found.estimate[2])


def test_equal_values_have_no_spread_below_zero() -> None:
    assert float(Sums.of([0.1] * 1000).variance) == pytest.approx(0, abs=1e-15)


def test_wilson_matches_printed_limits() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    found = proportion_interval([81, 15, 0, 1], [263, 148, 20, 29])

    assert found.low == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert found.high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.5, 0.999))
def test_wilson_holds_the_share_and_stays_within_0_and_1(k, n, level) -> None:
    k = min(k, n)

    found = proportion_interval(k, n, level)
    mirrored = proportion_interval(n - k, n, level)

    assert 0 <= found.low <= k / n <= found.high <= 1
    assert found.low == pytest.approx(1 - float(mirrored.high), abs=1e-12)


def test_none_of_nobody_is_not_known() -> None:
    found = proportion_interval(0, 0)

    assert np.isnan([found.estimate, found.low, found.high]).all()


def test_more_hits_than_trials_are_refused() -> None:
    with pytest.raises(BadInput, match="k is not between 0 and n in 1 of 2 rows"):
        proportion_interval([1, 3], [2, 2])


def test_a_level_in_percent_is_refused() -> None:
    with pytest.raises(BadInput, match="level 95"):
        mean_interval(Sums.of([1.0, 2.0]), 95)
