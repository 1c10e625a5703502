"""A series against its own past: limits that hold although weeks lean on each other."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from joren.science.before_after import FEWEST, mean_of, moved


def leaning(rng: np.random.Generator, n: int, rho: float) -> np.ndarray:
    """AR(1) around zero, from its stationary state."""
    noise = rng.standard_normal(n + 60)
    found = np.zeros(n + 60)
    for place in range(1, n + 60):
        found[place] = rho * found[place - 1] + noise[place]
    return found[60:]


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_limits_hold_the_truth_as_often_as_they_say(rng: np.random.Generator, rho: float) -> None:
    held = 0
    for _ in range(400):
        series = leaning(rng, 13 + 39, rho)
        found = moved(series[:13], series[13:] + 2.0)
        held += found.low <= 2.0 <= found.high

    assert 0.92 <= held / 400 <= 0.99


def test_weeks_that_lean_on_each_other_count_for_fewer(rng: np.random.Generator) -> None:
    alone, leant = leaning(rng, 60, 0.0), leaning(rng, 60, 0.8)

    free, tied = moved(alone[:30], alone[30:]), moved(leant[:30], leant[30:])

    assert sum(tied.effective) < sum(free.effective) / 2


def test_the_unit_scales_the_answer(rng: np.random.Generator) -> None:
    series = leaning(rng, 40, 0.3)

    one, other = moved(series[:15], series[15:]), moved(series[:15] * 100, series[15:] * 100)

    assert (other.change, other.low, other.high) == pytest.approx(
        (one.change * 100, one.low * 100, one.high * 100)
    )


def test_too_few_weeks_have_no_limits() -> None:
    few = moved([1.0] * (FEWEST - 1), [2.0] * 20)

    assert (few.known, few.change) == (False, 1.0)
    assert isnan(mean_of([1.0])[1])
    assert not moved([], []).known


def test_a_series_that_never_moves_has_no_width() -> None:
    still = moved([3.0] * 10, [3.0] * 10)

    assert (still.low, still.change, still.high) == (0.0, 0.0, 0.0)
