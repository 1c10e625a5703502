"""Log-normal spend: recovered, invariant, and better where Gamma-Gamma's story does not hold."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.clv import gamma_gamma, log_normal_spend
from joren.science.clv.spends import spends_of
from joren.science.errors import NotEnoughRepeats

TRUTH = log_normal_spend.given(m=30.0, g=1.2, w=0.3, k=0.25)


def spends(
    customers: int = 4_000, *, model: log_normal_spend.Fitted = TRUTH, seed: int = 7
) -> tuple[np.ndarray, np.ndarray]:
    """Customers of the model itself: frequency and mean spend."""
    rng = np.random.default_rng(seed)
    x = rng.geometric(0.3, customers).astype(float)
    noise = np.log1p(model.k / x)
    own = np.log(model.m) + np.log2(x) * np.log(model.g)
    own += np.sqrt(model.w) * rng.standard_normal(customers)
    return x, np.exp(own - noise / 2 + np.sqrt(noise) * rng.standard_normal(customers))


def orders(growth: float, *, customers: int = 20_000, seed: int = 1) -> tuple[np.ndarray, ...]:
    """A shop's past and future: orders x and h at one rate, with mean spends z and y.

    The own mean is as the rate to the power of `growth`; orders are log-normal around it.
    """
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1, 2, customers)
    own = np.exp(3.5 + growth * np.log(rate + 0.1) + 0.6 * rng.standard_normal(customers))
    halves = []
    for _ in range(2):
        count = rng.poisson(rate)
        which = np.repeat(np.arange(customers), count)
        money = own[which] * np.exp(0.7 * rng.standard_normal(which.size) - 0.245)
        halves += [count, np.bincount(which, money, customers) / np.maximum(count, 1)]
    return tuple(halves)


def test_simulated_parameters_are_recovered() -> None:
    fitted = log_normal_spend.fit(*spends(30_000))

    for name, value in TRUTH.params.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]
    assert fitted.level == pytest.approx(1, abs=0.02)
    gain = (
        fitted.log_likelihood - log_normal_spend.log_likelihood(TRUTH.params, *spends(30_000)).sum()
    )
    assert 0 <= gain < 12


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    objective = log_normal_spend.objective_on(spends_of(*spends(300), None))
    point = np.array([3.0, 0.4, -0.5, -2.0])

    _, slope = objective(point)

    for i, shift in enumerate(np.eye(4) * 1e-5):
        rise = (objective(point + shift)[0] - objective(point - shift)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("unit", [1e-3, 1e5])
def test_the_unit_of_money_does_not_matter(unit: float) -> None:
    x, spend = spends()

    one, other = log_normal_spend.fit(x, spend), log_normal_spend.fit(x, spend * unit)

    for name in ("g", "w", "k"):
        assert other.params[name] == pytest.approx(one.params[name], rel=1e-6)
    assert other.conditional_expected_spend(x, spend * unit) == pytest.approx(
        unit * one.conditional_expected_spend(x, spend), rel=1e-6
    )


def test_order_and_weights_do_not_matter() -> None:
    x, spend = spends(600)
    order = np.random.default_rng(2).permutation(1_800)

    weighted = log_normal_spend.fit(x, spend, weights=np.full(600, 3.0))
    repeated = log_normal_spend.fit(np.tile(x, 3)[order], np.tile(spend, 3)[order])

    assert weighted.params == pytest.approx(repeated.params, rel=1e-7)
    assert weighted.level == pytest.approx(repeated.level)
    assert log_normal_spend.log_likelihood(weighted.params, x, spend).sum() * 3 == pytest.approx(
        weighted.log_likelihood
    )


def test_the_past_adds_up_to_what_was_paid() -> None:
    x, spend = spends()
    spend = np.where(np.arange(x.size) % 300 == 0, spend * 50, spend)

    expected = log_normal_spend.fit(x, spend).conditional_expected_spend(x, spend)

    assert x @ expected == pytest.approx(x @ spend)


money = st.floats(-9, 12).map(np.exp)


@given(money, st.floats(0.5, 2), st.floats(-6, 3), st.floats(-6, 3), st.integers(0, 3000), money)
@settings(deadline=None, max_examples=60)
def test_expected_spend_is_the_mean_of_the_posterior(m, g, log_w, log_k, x, z) -> None:
    model = log_normal_spend.given(m=m, g=g, w=np.exp(log_w), k=np.exp(log_k))
    centre, w = mpmath.log(m), mpmath.mpf(model.w)
    if x:
        noise = mpmath.log1p(mpmath.mpf(model.k) / x)
        centre += mpmath.log(x, 2) * mpmath.log(g)
        precision = 1 / w + 1 / noise
        centre = (centre / w + (mpmath.log(z) + noise / 2) / noise) / precision
        w = 1 / precision

    found = model.conditional_expected_spend([x], [z])

    assert found[0] == pytest.approx(float(mpmath.exp(centre + w / 2)), rel=1e-9)


def test_spend_that_follows_frequency_is_told_by_how_much() -> None:
    told = log_normal_spend.fit(*spends()).dependence()
    not_so = log_normal_spend.given(m=30, g=1.0, w=0.3, k=0.25)
    nothing = log_normal_spend.fit(*spends(model=not_so)).dependence()

    assert told is not None
    assert nothing is not None
    assert told.low < 1.2 < told.high
    assert told.p_value < 1e-6
    assert nothing.low < 1.0 < nothing.high
    assert nothing.p_value > 0.01
    assert TRUTH.dependence() is None


def test_gamma_gamma_customers_show_no_dependence() -> None:
    rng = np.random.default_rng(4)
    x = rng.geometric(0.4, 8_000).astype(float)
    spend = rng.gamma(6.25 * x) / x / rng.gamma(3.74, 1 / 15.44, x.size)

    told = log_normal_spend.fit(x, spend).dependence()

    assert told is not None
    assert 0.97 < told.factor < 1.03


@pytest.mark.parametrize("growth", [0.35, -0.35])
def test_one_time_buyers_are_not_put_level_with_the_frequent(growth: float) -> None:
    x, z, h, y = orders(growth)
    once, actual = (x == 0) & (h > 0), (h * y)[(x == 0)].sum()

    bias = [
        (h * model.fit(x, z).conditional_expected_spend(x, z))[once].sum() / actual - 1
        for model in (gamma_gamma, log_normal_spend)
    ]

    assert abs(bias[0]) > 0.12
    assert abs(bias[1]) < 0.05


@pytest.mark.parametrize("purchases", [1, 3, np.inf])
def test_intervals_hold_what_they_promise(purchases: float) -> None:
    rng, n = np.random.default_rng(8), 40_000
    x, z = spends(n)
    # Own means of customers with these pasts, from the posterior; then what they spend.
    centre, spread = TRUTH._own_mean(x, z)
    noise = np.log1p(TRUTH.k / purchases)
    own = centre + np.sqrt(spread) * rng.standard_normal(n)
    future = np.exp(own - noise / 2 + np.sqrt(noise) * rng.standard_normal(n))

    low, high = TRUTH.spend_interval(x, z, 0.8, purchases)

    assert np.mean(future < low) == pytest.approx(0.1, abs=0.007)
    assert np.mean(future > high) == pytest.approx(0.1, abs=0.007)


def test_one_price_for_all_is_what_everyone_will_pay() -> None:
    fitted = log_normal_spend.fit([1, 2, 3], [1980, 1980, 1980])

    assert fitted.conditional_expected_spend([0, 1, 9], [0, 1980, 1980]) == pytest.approx(
        [1980] * 3
    )
    assert fitted.dependence() is None


def test_all_with_one_frequency_still_get_an_expectation() -> None:
    fitted = log_normal_spend.fit(np.ones(50), np.geomspace(10, 90, 50))

    assert "g" in fitted.converged.undetermined
    assert fitted.dependence() is None
    assert fitted.population_mean() == pytest.approx(np.geomspace(10, 90, 50).mean(), rel=0.1)


def test_nobody_and_nonsense_are_refused() -> None:
    with pytest.raises(NotEnoughRepeats, match="none of 2 customers"):
        log_normal_spend.fit([0, 0], [0, 0])
    with pytest.raises(BadInput, match="level = 1"):
        TRUTH.spend_interval([1], [30], 1.0)
    with pytest.raises(BadInput, match="mean of 0 purchases"):
        TRUTH.spend_interval([1], [30], 0.9, 0)
