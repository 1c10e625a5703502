"""Waiting times: the published remission times, and what censoring does to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.waiting import curve, followed, gone_by, time_until

# Remission of 21 patients under 6-MP in weeks (Freireich et al. 1963), as in Cox & Oakes.
GONE = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
LEFT = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
WEEKS = sorted({*GONE, *LEFT})
FREIREICH = curve(WEEKS, [GONE.get(w, 0) for w in WEEKS], [LEFT.get(w, 0) for w in WEEKS])


def test_the_curve_is_the_published_one() -> None:
    assert FREIREICH.waiting == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert FREIREICH.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]


def test_the_limits_are_those_of_the_log_log_scale() -> None:
    """R: survfit(Surv(time, status) ~ 1, conf.type = "log-log") says .620 .952 after week 6, and
    a median of 23 from 13 without an upper limit."""
    assert (FREIREICH.low[0], FREIREICH.high[0]) == pytest.approx((0.620, 0.952), abs=1e-3)
    median = time_until(FREIREICH, 0.5)
    assert (median.value, median.low, median.high) == (23, 13, None)


def test_what_nobody_was_followed_for_is_not_known() -> None:
    assert gone_by(FREIREICH, 36).value is None
    assert time_until(FREIREICH, 0.9).value is None
    assert gone_by(curve([], [], []), 3).value is None


def test_who_was_followed_to_a_day_bounds_what_nobody_has_done_yet() -> None:
    """Of two people 84 % may go on without either of them having done so."""
    none = curve([20, 90], [0, 0], [998, 2])
    early = curve([3, 20, 90], [1, 0, 0], [0, 997, 2])

    assert (followed(none, 20), followed(none, 21)) == (1000, pytest.approx(2))
    assert gone_by(none, 20).high == pytest.approx(1 - 0.025 ** (1 / 1000))
    assert gone_by(none, 90).high == pytest.approx(1 - 0.025 ** (1 / 2))
    assert followed(early, 90) == pytest.approx(2, abs=0.01)
    assert followed(curve([3, 90], [500, 0], [0, 500]), 90) == 1000


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(0, 30))
def test_where_all_were_followed_it_is_the_share(days: list[int], day: int) -> None:
    found = curve(days, np.ones(len(days)), np.zeros(len(days)))

    if day <= max(days):
        known = gone_by(found, day)
        assert known.value == pytest.approx(sum(one <= day for one in days) / len(days))
        assert known.low is not None
        assert known.high is not None
        assert known.low - 1e-9 <= known.value <= known.high + 1e-9  # type: ignore[operator]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 3)), max_size=12))
def test_counts_in_any_order_and_in_parts_say_the_same(rows: list[tuple[int, int, int]]) -> None:
    one = curve(*(zip(*rows, strict=True) if rows else ([], [], [])))
    apart = [row for d, g, c in rows for row in ((d, g, 0), (d, 0, c))][::-1]
    other = curve(*(zip(*apart, strict=True) if apart else ([], [], [])))

    assert one.waiting == pytest.approx(other.waiting)


def test_a_day_before_the_first_is_refused() -> None:
    with pytest.raises(BadInput):
        gone_by(FREIREICH, -1)
