"""The learners: known optima, no wild slopes, units that do not matter."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.inference.targeting import fit_linear, fit_logistic


def people(n: int = 4000, seed: int = 1):
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (n, 3)) * [1.0, 5.0, 0.1] + [0.0, 100.0, -3.0]
    score = -2 + 0.8 * features[:, 0] - 0.1 * (features[:, 1] - 100)
    return features, (rng.random(n) < 1 / (1 + np.exp(-score))).astype(float), score


def test_without_a_ridge_it_is_least_squares() -> None:
    features, _, score = people()
    outcome = score + np.random.default_rng(2).normal(0, 1, score.size)

    fit = fit_linear(features, outcome, ridge=0.0)

    design = np.column_stack([np.ones(len(features)), features])
    theirs = design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    assert fit.predict(features) == pytest.approx(theirs, rel=1e-8, abs=1e-8)


def test_without_a_ridge_the_likelihood_is_level() -> None:
    features, bought, _ = people()

    fit = fit_logistic(features, bought, ridge=0.0)

    left = bought - fit.predict(features)
    assert left.sum() == pytest.approx(0, abs=0.01)
    assert features.T @ left == pytest.approx(np.zeros(3), abs=1.0)


def test_chances_are_recovered() -> None:
    features, bought, score = people(40_000)

    fit = fit_logistic(features, bought)

    assert np.abs(fit.predict(features) - 1 / (1 + np.exp(-score))).mean() < 0.01


def test_a_ridge_draws_to_the_mean_the_more_the_fewer_are_known() -> None:
    features, bought, _ = people(300)

    free, held = (fit_logistic(features, bought, ridge=one) for one in (0.0, 300.0))

    assert np.abs(held.slopes).sum() < 0.7 * np.abs(free.slopes).sum()
    assert held.predict(features).mean() == pytest.approx(bought.mean(), abs=1e-3)


def test_units_and_idle_columns_do_not_matter() -> None:
    features, bought, _ = people()
    other = np.column_stack([features * [1e6, 1e-6, 1], np.full(len(features), 7.7)])

    for fit in (fit_logistic, fit_linear):
        plain, moved = fit(features, bought), fit(other, bought)
        assert moved.predict(other) == pytest.approx(plain.predict(features), rel=1e-6)


def test_buyers_told_apart_by_a_column_leave_finite_chances() -> None:
    features = np.repeat([[0.0], [1.0]], 50, axis=0)

    fit = fit_logistic(features, features[:, 0])

    found = fit.predict(features)
    assert (found > 0).all()
    assert (found < 1).all()
    assert found[-1] > found[0]


def test_where_nobody_bought_the_chance_is_small_and_not_0() -> None:
    features, _, _ = people(999)

    fit = fit_logistic(features, np.zeros(999))

    assert fit.predict(features) == pytest.approx(np.full(999, 0.0005))


def test_missing_numbers_and_lost_rows_are_refused() -> None:
    with pytest.raises(BadInput, match="not finite"):
        fit_linear([[np.nan]], np.ones(1))
    with pytest.raises(BadInput, match="1 rows of features for 2 outcomes"):
        fit_linear([[1.0]], np.ones(2))
    with pytest.raises(BadInput, match="1 dimensions"):
        fit_linear([1.0], np.ones(1))
