"""Crossings are where curves are zero, whatever their form, and cost few looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.science.arrays import Floats
from joren.science.crossings import crossing

goals = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=9)


@given(goals)
def test_many_curves_cross_each_where_it_is_zero(shares: list[float]) -> None:
    goal = np.array(shares)
    low, high = np.full(goal.shape, -60.0), np.full(goal.shape, 40.0)

    found = crossing(lambda at: 1 / (1 + np.exp(-at)) - goal, low, high)

    assert found == pytest.approx(np.log(goal / (1 - goal)), rel=1e-9, abs=1e-12)


def test_a_smooth_curve_is_looked_at_a_dozen_times() -> None:
    looks = 0

    def curve(at: Floats) -> Floats:
        nonlocal looks
        looks += 1
        return np.tanh(at - 1.25)

    found = crossing(curve, np.array([-60.0]), np.array([40.0]))

    assert found == pytest.approx([1.25], rel=1e-13)
    assert looks <= 20


def test_of_a_leap_its_place_is_found() -> None:
    found = crossing(
        lambda at: np.where(at < np.pi, -1.0, 1.0), np.array([-60.0]), np.array([700.0])
    )

    assert found == pytest.approx([np.pi], rel=1e-12)


def test_a_curve_that_does_not_cross_ends_at_its_side() -> None:
    lift = np.array([-5.0, 5.0, 0.5])

    found = crossing(lambda at: at + lift, np.full(3, -1.0), np.full(3, 1.0))

    assert found == pytest.approx([1.0, -1.0, -0.5])
