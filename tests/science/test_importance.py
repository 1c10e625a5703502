"""Pareto-smoothed weights: the tail that was put in, and what the weights are worth."""

from __future__ import annotations

import numpy as np
import pytest

from joren.science.importance import weighed


@pytest.mark.parametrize("k", [0.2, 0.5, 0.9])
def test_the_tail_that_was_put_in_is_found(k: float) -> None:
    found = [
        weighed(-k * np.log(np.random.default_rng(seed).random(20_000))).k_hat for seed in range(5)
    ]

    assert np.mean(found) == pytest.approx(k, abs=0.06)


def test_equal_weights_are_worth_all_draws() -> None:
    found = weighed(np.full(1_000, -7.0))

    assert found.effective == pytest.approx(1_000)
    assert found.k_hat < 0
    assert found.log_mean == pytest.approx(-7.0)


def test_weights_add_up_and_reach_the_mean_of_the_target() -> None:
    rng = np.random.default_rng(3)
    x = 1.5 * rng.standard_normal(20_000)

    found = weighed(-((x - 0.5) ** 2) / 2 + x**2 / 4.5 + np.log(1.5))

    assert found.weights.sum() == pytest.approx(1)
    assert found.weights @ x == pytest.approx(0.5, abs=0.03)
    assert found.log_mean == pytest.approx(0.0, abs=0.02)
    assert found.k_hat < 0.5


def test_resampled_draws_have_equal_weight() -> None:
    rng = np.random.default_rng(4)
    found = weighed(np.log(rng.random(400)))

    rows = found.resampled(40_000, rng)

    assert np.bincount(rows, minlength=400) / 40_000 == pytest.approx(found.weights, abs=3e-5)


def test_what_cannot_be_weighs_nothing() -> None:
    found = weighed(np.where(np.arange(400) % 2 == 0, -np.inf, 0.0))

    assert found.weights[::2].sum() == 0
    assert found.effective == pytest.approx(200)
