"""Gamma-Gamma against the printed numbers, and against money that makes no sense."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import gamma_gamma
from joren.science.clv.gamma_gamma import _objective_at_mean, objective_on
from joren.science.clv.spends import spends_of
from joren.science.errors import NoFiniteMean, NotEnoughRepeats

PAPER = gamma_gamma.given(p=6.25, q=3.74, v=15.44)


def spends(q: float, *, customers: int = 4000, unit: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Customers of a known population: frequency and mean spend."""
    rng = np.random.default_rng(7)
    x = rng.geometric(0.4, customers).astype(float)
    return x, unit * rng.gamma(6.25 * x) / x / rng.gamma(q, 1 / 15.44, customers)


def test_parameters_match_the_note(cdnow_sample) -> None:
    fitted = gamma_gamma.fit(cdnow_sample.summary.frequency, cdnow_sample.spend)

    assert tuple(fitted.params.values()) == pytest.approx((6.25, 3.74, 15.44), abs=5.1e-3)
    assert tuple(fitted.params.values()) == pytest.approx((6.249349, 3.744256, 15.444307), rel=1e-4)
    assert fitted.log_likelihood == pytest.approx(-4055.918, abs=5e-4)
    assert fitted.correlation == pytest.approx(0.11, abs=0.005)
    assert not fitted.held_to_mean


def test_expected_spends_match_the_first_rows(cdnow_sample) -> None:
    x, spend = cdnow_sample.summary.frequency, cdnow_sample.spend
    printed = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]

    expected = gamma_gamma.fit(x, spend).conditional_expected_spend(x, spend)

    assert expected[:10] == pytest.approx(printed, abs=5.1e-3)


def test_worked_values_match_the_note() -> None:
    assert PAPER.conditional_expected_spend([3], [35]) == pytest.approx([35.0279], abs=5e-5)
    assert PAPER.population_mean() == pytest.approx(35.2190, abs=5e-5)
    assert PAPER.conditional_expected_spend([0], [0]) == pytest.approx([PAPER.population_mean()])


def test_simulated_parameters_are_recovered() -> None:
    fitted = gamma_gamma.fit(*spends(3.74, customers=30_000))

    for name, value in PAPER.params.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e5])
def test_the_unit_of_money_does_not_matter(unit: float) -> None:
    one, other = gamma_gamma.fit(*spends(3.74)), gamma_gamma.fit(*spends(3.74, unit=unit))

    assert (other.p, other.q, other.v) == pytest.approx((one.p, one.q, one.v * unit), rel=1e-6)


def test_the_order_of_customers_does_not_matter() -> None:
    x, spend = spends(3.74, customers=30_000)
    order = np.random.default_rng(2).permutation(x.size)

    assert gamma_gamma.fit(x[order], spend[order]).params == pytest.approx(
        gamma_gamma.fit(x, spend).params, rel=1e-7
    )


def test_a_weight_is_a_repetition() -> None:
    x, spend = spends(3.74, customers=500)

    weighted = gamma_gamma.fit(x, spend, weights=np.full(500, 3.0))
    repeated = gamma_gamma.fit(np.tile(x, 3), np.tile(spend, 3))

    assert weighted.params == pytest.approx(repeated.params, rel=1e-7)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood)
    assert weighted.correlation == pytest.approx(repeated.correlation)


@pytest.mark.parametrize(
    ("build", "at"), [(objective_on, [1.5, 1.0, 3.0]), (_objective_at_mean, [1.5, 0.5])]
)
def test_the_gradient_is_the_slope_of_the_likelihood(build, at: list[float]) -> None:
    objective = build(spends_of(*spends(3.74, customers=300), None))
    point = np.array(at)

    _, slope = objective(point)

    for i, shift in enumerate(np.eye(point.size) * 1e-5):
        rise = (objective(point + shift)[0] - objective(point - shift)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-6, abs=1e-9)


def test_the_likelihood_of_the_fit_is_that_of_its_rows() -> None:
    x, spend = spends(3.74)
    fitted = gamma_gamma.fit(x, spend)

    rows = gamma_gamma.log_likelihood(fitted.params, np.append(x, 0), np.append(spend, 0))

    assert rows.sum() == pytest.approx(fitted.log_likelihood)
    assert rows[-1] == 0


def test_the_more_is_known_the_less_a_customer_is_drawn_to_the_mean() -> None:
    expected = PAPER.conditional_expected_spend([0, 1, 5, 100, 10_000], [100] * 5)

    assert (np.diff(expected) > 0).all()
    assert expected[-1] == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize("q", [0.5, 0.8, 1.0])
def test_a_tail_without_a_mean_is_held_to_the_observed_mean(q: float) -> None:
    x, spend = spends(q)

    fitted = gamma_gamma.fit(x, spend)
    expected = fitted.conditional_expected_spend(x, spend)

    assert fitted.held_to_mean
    assert fitted.population_mean() == pytest.approx(spend.mean())
    assert (np.isfinite(expected) & (expected > 0)).all()
    assert fitted.covariance.shape == (3, 3)


def test_parameters_without_a_mean_are_refused_rather_than_negative() -> None:
    heavy = gamma_gamma.given(p=0.3, q=0.5, v=15.0)

    with pytest.raises(NoFiniteMean, match=r"q = 0\.5"):
        heavy.population_mean()
    with pytest.raises(NoFiniteMean, match="2 of 3 customers"):
        heavy.conditional_expected_spend([0, 1, 5], [0, 20, 20])


def test_one_price_for_all_is_what_everyone_will_pay() -> None:
    fitted = gamma_gamma.fit([1, 2, 3], [1980, 1980, 1980])

    assert fitted.conditional_expected_spend([0, 1, 9], [0, 1980, 1980]) == pytest.approx(
        [1980] * 3
    )


def test_purchases_without_money_are_refused_by_number() -> None:
    with pytest.raises(BadInput, match="not above 0 for a buyer in 2 of 4 rows, first in row 1"):
        gamma_gamma.fit([1, 2, 3, 0], [5, 0, -1, 0])


def test_the_spend_of_those_who_bought_nothing_may_be_missing() -> None:
    assert PAPER.conditional_expected_spend([0], [None]) == pytest.approx([PAPER.population_mean()])


def test_nobody_with_a_spend_is_refused() -> None:
    with pytest.raises(NotEnoughRepeats, match="none of 2 customers"):
        gamma_gamma.fit([0, 0], [0, 0])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(BadInput, match="2 rows of frequency, 1 of monetary_value"):
        gamma_gamma.fit([1, 1], [5])


@pytest.mark.parametrize("purchases", [1, 3, np.inf])
def test_intervals_hold_what_they_promise(purchases: float) -> None:
    rng, n = np.random.default_rng(8), 40_000
    rate = rng.gamma(PAPER.q, 1 / PAPER.v, n)
    x = rng.geometric(0.4, n).astype(float)
    spend = rng.gamma(PAPER.p * x) / x / rate
    future = PAPER.p / rate
    if purchases < np.inf:
        future = rng.gamma(PAPER.p * purchases, size=n) / purchases / rate

    low, high = PAPER.spend_interval(x, spend, 0.8, purchases)

    assert np.mean(future < low) == pytest.approx(0.1, abs=0.007)
    assert np.mean(future > high) == pytest.approx(0.1, abs=0.007)


def test_an_unknown_customer_has_the_widest_interval() -> None:
    low, high = PAPER.spend_interval([0, 1, 5, 100], [0, 35, 35, 35])

    assert (np.diff(high / low) < 0).all()
    assert ((low < 35) & (high > 35)).all()
