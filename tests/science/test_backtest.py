"""Marks of a forecast, held to published ones and to their own definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from joren.core.errors import BadInput
from joren.science.backtest import calibration, card
from joren.science.clv import bg_nbd

pairs = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 40).map(lambda tenth: tenth / 10)),
    min_size=2,
    max_size=40,
)


def test_bg_nbd_on_cdnow_gets_its_known_marks(cdnow_sample) -> None:
    past = cdnow_sample.summary
    expected = bg_nbd.fit(past).conditional_expected_purchases(past, 39)

    marks = card(cdnow_sample.holdout, expected)

    assert marks.actual_total == 1882
    assert marks.bias == pytest.approx(-0.121, abs=5e-4)
    assert marks.mae == pytest.approx(0.7855, abs=5.1e-5)
    assert marks.rmse == pytest.approx(1.608, abs=5e-4)
    assert marks.deviance == pytest.approx(1.599, abs=5e-4)
    assert marks.spearman == pytest.approx(0.449, abs=5e-4)
    assert marks.gini == pytest.approx(0.662, abs=5e-4)


def test_bg_nbd_on_all_of_cdnow_gets_its_known_marks(cdnow_full) -> None:
    past = cdnow_full.summary
    expected = bg_nbd.fit(past).conditional_expected_purchases(past, 39)

    marks = card(cdnow_full.holdout, expected)

    assert (marks.bias, marks.mae, marks.rmse, marks.deviance, marks.spearman, marks.gini) == (
        pytest.approx((-0.143, 0.8187, 1.733, 1.642, 0.442, 0.663), abs=5.1e-4)
    )


def test_means_by_past_frequency_match(cdnow_sample) -> None:
    past = cdnow_sample.summary
    expected = bg_nbd.fit(past).conditional_expected_purchases(past, 39)

    classes = calibration(past.frequency, cdnow_sample.holdout, expected)

    assert [row.label for row in classes] == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    assert [row.actual for row in classes] == pytest.approx(
        [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359], abs=5.1e-4
    )
    assert sum(row.n for row in classes) == 2357


@given(pairs)
def test_ranks_agree_with_scipy(table) -> None:
    y, m = np.array(table, dtype=float).T

    found = card(y, m).spearman

    if found is not None:
        assert found == pytest.approx(spearmanr(y, m).statistic)
    else:
        assert len(set(y)) == 1 or len(set(m)) == 1


@given(pairs, st.integers(2, 4))
def test_a_weight_is_a_repetition(table, times: int) -> None:
    y, m = np.array(table, dtype=float).T

    weighted = card(y, m, weights=np.full(y.size, float(times)))
    repeated = card(np.repeat(y, times), np.repeat(m, times))

    for name in ("n", "bias", "mae", "rmse", "deviance", "spearman", "gini"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), abs=1e-12)


@given(pairs, st.randoms())
def test_the_order_of_customers_does_not_matter(table, chance) -> None:
    other = list(table)
    chance.shuffle(other)

    one, two = (card(*np.array(rows, dtype=float).T) for rows in (table, other))

    for name in ("bias", "mae", "deviance", "spearman", "gini"):
        assert getattr(one, name) == pytest.approx(getattr(two, name), abs=1e-12)


def test_the_truth_as_forecast_gets_full_marks() -> None:
    marks = card([0, 1, 2, 5], [0, 1, 2, 5])

    assert (marks.bias, marks.mae, marks.rmse, marks.deviance) == (0, 0, 0, 0)
    assert (marks.spearman, marks.gini) == pytest.approx((1, 1))


def test_one_forecast_for_all_ranks_nobody() -> None:
    marks = card([0, 1, 2, 5], [2, 2, 2, 2])

    assert marks.spearman is None
    assert marks.gini == pytest.approx(0)


def test_what_cannot_be_said_is_none() -> None:
    nothing = card([0, 0], [0.1, 0.2])
    impossible = card([1, 0], [0, 1])

    assert (nothing.bias, nothing.gini) == (None, None)
    assert impossible.deviance is None


def test_a_class_without_customers_has_no_mean() -> None:
    classes = calibration([0, 2], [1, 1], [1, 1], top=2)

    assert (classes[1].n, classes[1].actual, classes[1].predicted) == (0, None, None)


def test_nobody_is_refused() -> None:
    with pytest.raises(BadInput, match="nobody"):
        card([], [])
