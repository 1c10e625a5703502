"""Intervals of totals: what earlier errors make of them."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.totals import YOUNG, Window, days_covered, total_interval

YEARS = [Window(182.0 * i, 182.0, 1e6, 1e6 * np.exp(0.02)) for i in range(4)]


def test_without_a_window_the_interval_is_wide_and_says_so() -> None:
    found = total_interval([], 1e6, 182)

    # t(2 degrees, 95 %) = 2.919986
    assert found.young
    assert found.high == pytest.approx(1e6 * np.exp(2.919986 * YOUNG), rel=1e-3)
    assert found.low * found.high == pytest.approx(1e12)


def test_a_year_of_small_errors_makes_it_narrow() -> None:
    found = total_interval(YEARS, 1e6, 182)

    assert not found.young
    assert found.windows == 4
    assert 1.05 < found.high / 1e6 < 1.15


def test_larger_errors_and_longer_horizons_make_it_wider() -> None:
    wild = [Window(one.begin, one.days, 1e6, 1.3e6) for one in YEARS]

    narrow, wide, far = (
        total_interval(windows, 1e6, days).high
        for windows, days in ((YEARS, 182), (wild, 182), (YEARS, 364))
    )

    assert narrow < far < wide


def test_windows_that_overlap_count_once() -> None:
    twice = [*YEARS, *YEARS]

    assert days_covered(twice) == days_covered(YEARS) == 4 * 182
    assert total_interval(twice, 1e6, 182) == total_interval(YEARS, 1e6, 182)


def test_what_chance_did_in_a_small_shop_is_not_taken_for_drift() -> None:
    """25 % off, where 100 orders scatter by 25 %: no drift; for a large total nothing remains."""
    small = [Window(182.0 * i, 182.0, 100.0, 125.0, 6.0) for i in range(4)]
    large = [Window(182.0 * i, 182.0, 1e6, 1.25e6, 6.0) for i in range(4)]

    assert total_interval(small, 1e6, 182).high < total_interval(large, 1e6, 182).high
    assert total_interval(small, 100, 182).high / 100 > total_interval(small, 1e6, 182).high / 1e6


def test_it_covers_as_often_as_it_says_where_errors_are_as_expected() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(2000):
        errors = rng.normal(0, 0.12, 5)
        windows = [Window(182.0 * i, 182.0, 1e6, 1e6 * np.exp(errors[i])) for i in range(4)]
        found = total_interval(windows, 1e6, 182)
        covered += found.low <= 1e6 * np.exp(errors[4]) <= found.high

    assert covered / 2000 == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("level", [0, 1, 90])
def test_a_level_that_is_no_share_is_refused(level: float) -> None:
    with pytest.raises(BadInput, match="not between 0 and 1"):
        total_interval(YEARS, 100, 182, level)


def test_a_window_in_which_nothing_came_is_refused() -> None:
    with pytest.raises(BadInput, match=r"0\.0 after 5\.0 predicted"):
        total_interval([Window(0.0, 91.0, 5.0, 0.0)], 100, 182)
