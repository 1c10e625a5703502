"""The change of a beta function over a step, against arbitrary precision."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.science.clv.beta_steps import log_step, step

extreme = st.floats(-14, 16).map(np.exp)
steps = extreme | st.integers(1, 5000).map(float)


def exact(z: float, d: float, g: float) -> list[float]:
    with mpmath.workdps(80):
        z, d, g = map(mpmath.mpf, (z, d, g))
        ln, psi = mpmath.loggamma, mpmath.digamma
        return [
            float(ln(z + d) - ln(z) + ln(z + g) - ln(z + d + g)),
            float(psi(z + d) + psi(z + g) - psi(z) - psi(z + d + g)),
            float(psi(z + d) - psi(z + d + g)),
            float(psi(z + g) - psi(z + d + g)),
        ]


@given(extreme, steps, extreme)
@settings(deadline=None, max_examples=150)
def test_no_digit_is_lost_in_the_extremes(z: float, d: float, g: float) -> None:
    found = step(z, d, g)

    parts = [float(part) for part in (found.log, found.by_z, found.by_d, found.by_g)]
    assert parts == pytest.approx(exact(z, d, g), rel=1e-9)


def test_a_step_of_one_is_a_ratio() -> None:
    assert log_step([0.5, 40.0], 1.0, 2.0) == pytest.approx(np.log([0.5 / 2.5, 40.0 / 42.0]))


def test_no_step_changes_nothing() -> None:
    assert log_step([1e-6, 1.0, 1e6], 0.0, 3.0).tolist() == [0.0, 0.0, 0.0]
