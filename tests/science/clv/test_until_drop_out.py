"""The one hard function of the BG/NBD family, against arbitrary precision."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.science.clv.until_drop_out import (
    _closed_form,
    _quadrature,
    purchases_until_drop_out,
)


def exact(a: float, c: float, s: float, z: float) -> float:
    """By the closed form with more digits than any cancellation eats."""
    with mpmath.workdps(400):
        a = mpmath.mpf(a) + mpmath.mpf("1e-100")  # beside the removable pole at a = 1
        total, w = a + c - 1, mpmath.mpf(z) / (1 + mpmath.mpf(z))
        inside = mpmath.hyp2f1(total - s, a - 1, total, w)
        return float(total / (a - 1) * (1 - (1 - w) ** (a - 1) * inside))


def one(value: float) -> np.ndarray:
    return np.array([value])


extreme = st.floats(-7, 8.5).map(np.exp)
purchases = st.sampled_from([0, 0, 1, 2, 5, 20, 100, 2000])


@given(extreme, extreme, extreme, purchases, extreme)
@settings(deadline=None, max_examples=25)
def test_it_is_right_in_the_extremes(r, a, b, x, z) -> None:
    found = purchases_until_drop_out(a, one(b + x), one(r + x), one(z))

    assert found[0] == pytest.approx(exact(a, b + x, r + x, z), rel=1e-8)


@given(st.floats(-3, 3).map(np.exp), st.floats(-3, 3).map(np.exp), purchases)
@settings(deadline=None, max_examples=60)
def test_both_ways_of_computing_it_agree(a, b, x) -> None:
    arguments = (one(a), one(b + x), one(0.3 + x), one(1.7))

    closed, sure = _closed_form(*arguments)

    assert not sure[0] or closed[0] == pytest.approx(_quadrature(*arguments)[0], rel=1e-9)


@pytest.mark.parametrize(("a", "c"), [(1.0, 2.5), (1 + 1e-12, 2.5), (0.4, 0.6), (0.4, 0.6 + 1e-13)])
def test_the_poles_of_the_closed_form_leave_no_trace(a: float, c: float) -> None:
    there = purchases_until_drop_out(a, one(c), one(0.3), one(2.0))
    near = purchases_until_drop_out(a + 1e-6, one(c + 1e-6), one(0.3), one(2.0))

    assert there[0] == pytest.approx(near[0], rel=1e-5)


def test_nothing_is_bought_in_no_time() -> None:
    assert purchases_until_drop_out(0.8, one(2.4), one(0.3), one(0.0)).tolist() == [0.0]


def test_without_drop_out_it_is_the_rate_times_the_time() -> None:
    never = purchases_until_drop_out(1e-7, one(1e4), one(3.0), one(2.0))

    assert never[0] == pytest.approx(6.0, rel=1e-6)
