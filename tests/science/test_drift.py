"""What moved beyond its own past: against SciPy, against simulated pasts, and against reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, norm

from joren.core.errors import BadInput
from joren.science import drift

counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=8)


@pytest.mark.parametrize("trend", [0.0, 0.004])
def test_a_size_that_goes_on_as_before_alarms_as_often_as_it_says(trend: float) -> None:
    rng = np.random.default_rng(11)
    trials, alarms, inside = 3000, 0, 0
    days = np.array([0, 1, 2, 3, 5, 8, 9, 10, 40])
    for _ in range(trials):
        steps = rng.normal(trend * np.diff(days), 0.02 * np.sqrt(np.diff(days)))
        sizes = 50_000 * np.exp(np.concatenate(([0.0], np.cumsum(steps))))
        found = drift.next_step(days, sizes)
        assert found is not None
        alarms += found.p < 0.05
        inside += found.low <= found.size <= found.high

    assert alarms / trials == pytest.approx(0.05, abs=0.012)
    assert inside == trials - alarms


def test_a_jump_is_seen_and_few_persons_are_no_jump() -> None:
    days = [*range(12)]
    steady = [1000, 1003, 999, 1001, 1004, 998, 1000, 1002, 1001, 999, 1003]

    jumped = drift.next_step(days, [*steady, 1400], moved=400)
    small = drift.next_step(days, [*(10,) * 11, 13], moved=3)

    assert jumped is not None
    assert jumped.p < 1e-6
    assert jumped.high < 1100
    assert small is not None
    assert small.p > 0.05  # three of ten came: the past never moved, yet so few say nothing
    assert drift.next_step(days[:6], [*steady[:5], 1400]) is None


@given(counts)
def test_mixes_are_pearsons_and_alike_mixes_do_not_differ(rows: list[tuple[int, int]]) -> None:
    before, now = (np.array(one, dtype=float) for one in zip(*rows, strict=True))

    found, alike = drift.mixes(before, now), drift.mixes(before, before)

    there = before + now > 0
    if there.sum() > 1 and before.sum() and now.sum():
        told = chi2_contingency([before[there], now[there]], correction=False)
        assert found.chi_square == pytest.approx(told.statistic, abs=1e-9)
        assert found.p == pytest.approx(told.pvalue, abs=1e-12)
    assert found.psi >= 0
    assert alike.psi == pytest.approx(0)
    assert alike.p == pytest.approx(1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_is_the_step_down_of_the_paper(p: list[float]) -> None:
    raised = drift.holm(p)

    for level in (0.01, 0.05, 0.5):
        refused: set[int] = set()
        for place, one in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
            if p[one] * (len(p) - place) > level:
                break
            refused.add(one)
        assert {one for one, value in enumerate(raised) if value <= level} == refused


def test_shares_and_silence() -> None:
    z = norm.isf(drift.shares_differ((20, 1000), (60, 1000)) / 2)

    assert z == pytest.approx((0.06 - 0.02) / np.sqrt(0.04 * 0.96 * 2 / 1000))
    assert drift.shares_differ((0, 10), (0, 20)) == 1
    assert drift.silence(3, active=90, of=99) == pytest.approx(0.001)
    assert drift.silence(0, active=90, of=99) == 1
    assert drift.silence(1, active=7, of=7) == pytest.approx(1 / 8)


def test_sizes_that_are_none_are_refused() -> None:
    with pytest.raises(BadInput, match="below zero"):
        drift.next_step([0, 1], [3, -1])
    with pytest.raises(BadInput, match="days do not rise"):
        drift.next_step([0, 0], [3, 1])
