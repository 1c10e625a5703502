"""What every model of coming back must do, whichever it is. A new model is one more case."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from joren.science.clv import Summary, bg_nbd, mbg_nbd, nbd


@dataclass(frozen=True)
class Case:
    """A model with known parameters, and which of them are a time (their power of the unit)."""

    model: ModuleType
    truth: dict[str, float]
    times: dict[str, int]

    def known(self) -> Any:
        return self.model.given(**self.truth)


CASES = [
    Case(bg_nbd, {"r": 0.6, "alpha": 5.0, "a": 0.8, "b": 2.5}, {"alpha": 1}),
    Case(bg_nbd, {"r": 3.0, "alpha": 9.0, "a": 0.4, "b": 4.0}, {"alpha": 1}),
    Case(mbg_nbd, {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 2.5}, {"alpha": 1}),
    Case(nbd, {"r": 0.7, "alpha": 9.0}, {"alpha": 1}),
]


@pytest.fixture(params=CASES, ids=lambda case: f"{case.model.__name__}-{case.truth['r']}")
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def past(case: Case) -> Summary:
    rng = np.random.default_rng(20261101)
    return case.known().simulate(rng.integers(100, 400, 20_000) / 7.0, rng)


def test_simulated_parameters_are_recovered(case: Case, past: Summary) -> None:
    fitted = case.model.fit(past)

    for name, value in case.truth.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]


def test_the_fit_beats_the_truth_on_its_own_data(case: Case, past: Summary) -> None:
    fitted = case.model.fit(past)
    at_truth = case.model.log_likelihood(case.truth, past) @ past.weights

    # Twice the gain is chi-squared with as many degrees of freedom as parameters.
    assert 0 <= fitted.log_likelihood - at_truth < 12


def test_the_likelihood_of_the_fit_is_that_of_its_rows(case: Case, past: Summary) -> None:
    fitted = case.model.fit(past)

    assert case.model.log_likelihood(fitted.params, past).sum() == pytest.approx(
        fitted.log_likelihood
    )


def test_the_gradient_is_the_slope_of_the_likelihood(case: Case, past: Summary) -> None:
    objective = case.model.objective_on(past.compressed().thinned(500))
    point = np.log(list(case.truth.values())) + 0.3

    _, slope = objective(point)

    for i, shift in enumerate(np.eye(point.size) * 1e-5):
        rise = (objective(point + shift)[0] - objective(point - shift)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("unit", [1 / 52, 7.0, 168.0])
def test_the_unit_of_time_does_not_matter(case: Case, past: Summary, unit: float) -> None:
    other = Summary(past.frequency, past.recency * unit, past.T * unit)

    one, two = case.model.fit(past), case.model.fit(other)

    for name, value in one.params.items():
        assert two.params[name] == pytest.approx(value * unit ** case.times.get(name, 0), rel=1e-6)
    assert two.conditional_expected_purchases(other, 52 * unit) == pytest.approx(
        one.conditional_expected_purchases(past, 52), rel=1e-6
    )


def test_the_order_of_customers_does_not_matter(case: Case, past: Summary) -> None:
    order = np.random.default_rng(3).permutation(len(past))
    other = past.rows(order, past.weights)

    assert case.model.fit(other).params == pytest.approx(case.model.fit(past).params, rel=1e-9)


def test_a_weight_is_a_repetition(case: Case, past: Summary) -> None:
    some = past.rows(np.arange(3000), np.ones(3000))
    twice = past.rows(np.tile(np.arange(3000), 2), np.ones(6000))
    weighted = past.rows(np.arange(3000), np.full(3000, 2.0))

    fits = [case.model.fit(data) for data in (twice, weighted, some)]

    assert fits[0].params == pytest.approx(fits[1].params, rel=1e-9)
    assert fits[0].log_likelihood == pytest.approx(fits[1].log_likelihood)
    assert fits[0].standard_errors["r"] == pytest.approx(
        fits[2].standard_errors["r"] / np.sqrt(2), rel=1e-3
    )


def test_more_time_brings_more_purchases(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(200), np.ones(200))

    horizons = [0.0, 0.1, 1.0, 10.0, 100.0, 1000.0]
    expected = np.array([model.conditional_expected_purchases(some, t) for t in horizons])

    assert (expected[0] == 0).all()
    assert (np.diff(expected, axis=0) > 0).all()
    assert (np.diff(model.expected_purchases(horizons)) > 0).all()


def test_silence_makes_it_less_likely_that_someone_stays(case: Case) -> None:
    silent = Summary([3] * 5, [30.0, 25, 20, 10, 5], [30.0] * 5)

    alive = case.known().probability_alive(silent)

    assert (np.diff(alive) < 0).all() or case.model is nbd
    assert ((alive > 0) & (alive <= 1)).all()


def test_a_customer_without_a_past_is_a_new_one(case: Case) -> None:
    model = case.known()

    assert model.conditional_expected_purchases(Summary([0], [0], [0]), 52) == pytest.approx(
        model.expected_purchases([52])
    )


def test_what_is_expected_of_many_is_what_many_do(case: Case, past: Summary) -> None:
    expected = case.known().expected_purchases(past.T)

    spread = past.frequency.std() / np.sqrt(len(past))

    assert abs(past.frequency.mean() - expected.mean()) < 4 * spread


def test_the_past_and_the_future_add_up_to_the_whole(case: Case) -> None:
    rng = np.random.default_rng(5)
    model = case.known()
    past = model.simulate(np.full(40_000, 30.0), rng)

    ahead = model.conditional_expected_purchases(past, 20)

    whole, half = model.expected_purchases([50.0, 30.0])
    assert ahead.mean() == pytest.approx(whole - half, abs=5 * ahead.std() / np.sqrt(len(past)))


def test_chance_is_repeatable(case: Case) -> None:
    ages = np.full(50, 30.0)

    one, two = (case.known().simulate(ages, np.random.default_rng(9)) for _ in range(2))

    assert one.recency.tolist() == two.recency.tolist()


def test_a_handful_of_customers_gives_a_fit_or_a_reason(case: Case) -> None:
    few = Summary([1, 0, 2, 0, 0], [3, 0, 4, 0, 0], [10, 11, 12, 13, 14])

    fitted = case.model.fit(few)

    assert np.isfinite(fitted.conditional_expected_purchases(few, 52)).all()
    assert fitted.converged.undetermined or all(fitted.standard_errors.values())
