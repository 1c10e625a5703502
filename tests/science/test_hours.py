"""The clock is a ring, little is known of one person, and nobody is woken."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.hours import HOURS, best_hours, smoothed

ALL_DAY = np.ones(HOURS, np.bool_)
counts = st.lists(st.integers(0, 50), min_size=HOURS, max_size=HOURS).map(
    lambda some: np.array(some, np.float64)
)


def at(*hours: int) -> np.ndarray:
    return np.bincount(hours, minlength=HOURS).astype(np.float64)


@given(counts, st.integers(0, HOURS - 1))
def test_to_turn_the_clock_turns_the_answer(one: np.ndarray, by: int) -> None:
    turned = smoothed(np.roll(one, by))

    assert turned == pytest.approx(np.roll(smoothed(one), by))
    assert turned.sum() == pytest.approx(one.sum())


def test_who_did_nothing_gets_the_shops_hour_and_who_did_much_their_own() -> None:
    everybody = at(*[20] * 70, *[21] * 60, *[9] * 50)
    own = np.stack([at(), at(7), at(*[7] * 8)])

    assert best_hours(own, everybody, ALL_DAY).tolist() == [20, 20, 7]


def test_hours_around_midnight_are_neighbours() -> None:
    own = at(23, 23, 1, 1, 0, 12, 12, 12)

    assert best_hours(own[None], at(), ALL_DAY).tolist() == [0]


@given(counts, st.sets(st.integers(0, HOURS - 1), min_size=1))
def test_nobody_is_woken(one: np.ndarray, hours: set[int]) -> None:
    awake = np.isin(np.arange(HOURS), list(hours))

    assert best_hours(one[None], one, awake)[0] in hours


@pytest.mark.parametrize(
    ("own", "awake"),
    [(np.zeros((1, 23)), ALL_DAY), (-np.ones((1, 24)), ALL_DAY), (np.zeros((1, 24)), ~ALL_DAY)],
)
def test_what_is_no_clock_is_refused(own: np.ndarray, awake: np.ndarray) -> None:
    with pytest.raises(BadInput):
        best_hours(own, np.zeros(HOURS), awake)
