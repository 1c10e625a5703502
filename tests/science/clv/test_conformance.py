"""What every model of coming back must do, whichever it is. A new model is one more case."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import Summary, bg_bb, bg_nbd, mbg_cnbd_k, mbg_nbd, nbd, pareto_nbd
from joren.science.errors import DidNotConverge


@dataclass(frozen=True)
class Case:
    """A model with known parameters, and which of them are a time (their power of the unit)."""

    model: ModuleType
    truth: dict[str, float]
    times: dict[str, int]
    fixed: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, float]:
        return {**self.fixed, **self.truth}

    @property
    def in_opportunities(self) -> bool:
        """Whether time goes by in whole steps, so that it has no unit."""
        return not self.times

    def known(self) -> Any:
        return self.model.given(**self.all)


CASES = [
    Case(bg_nbd, {"r": 0.6, "alpha": 5.0, "a": 0.8, "b": 2.5}, {"alpha": 1}),
    Case(bg_nbd, {"r": 3.0, "alpha": 9.0, "a": 0.4, "b": 4.0}, {"alpha": 1}),
    Case(mbg_nbd, {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 2.5}, {"alpha": 1}),
    Case(nbd, {"r": 0.7, "alpha": 9.0}, {"alpha": 1}),
    Case(
        pareto_nbd,
        {"r": 0.7, "alpha": 8.0, "s": 0.9, "beta": 14.0},
        {"alpha": 1, "beta": 1},
    ),
    Case(mbg_cnbd_k, {"r": 0.9, "alpha": 2.5, "a": 0.8, "b": 3.0}, {"alpha": 1}, {"k": 2}),
    Case(bg_bb, {"alpha": 1.2, "beta": 2.0, "gamma": 0.7, "delta": 6.0}, {}),
]


@pytest.fixture(
    params=CASES, ids=lambda case: f"{case.model.__name__}-{next(iter(case.truth.values()))}"
)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def past(case: Case) -> Summary:
    rng = np.random.default_rng(20261101)
    days = rng.integers(100, 400, 8_000)
    return case.known().simulate(days // 7 if case.in_opportunities else days / 7.0, rng)


def test_simulated_parameters_are_recovered(case: Case, past: Summary) -> None:
    fitted = case.model.fit(past)

    for name, value in case.truth.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]
    for name, whole in case.fixed.items():
        assert fitted.params[name] == whole


def test_the_fit_beats_the_truth_on_its_own_data(case: Case, past: Summary) -> None:
    fitted = case.model.fit(past)
    at_truth = case.model.log_likelihood(case.all, past) @ past.weights

    # Twice the gain is chi-squared with as many degrees of freedom as parameters.
    assert 0 <= fitted.log_likelihood - at_truth < 12


def test_the_likelihood_of_the_fit_is_that_of_its_rows(case: Case, past: Summary) -> None:
    fitted = case.model.fit(past)

    assert case.model.log_likelihood(fitted.params, past).sum() == pytest.approx(
        fitted.log_likelihood
    )


def test_the_gradient_is_the_slope_of_the_likelihood(case: Case, past: Summary) -> None:
    objective = case.model.objective_on(past.compressed().thinned(500), **case.fixed)
    point = np.log(list(case.truth.values())) + 0.3

    _, slope = objective(point)

    for i, shift in enumerate(np.eye(point.size) * 1e-5):
        rise = (objective(point + shift)[0] - objective(point - shift)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("unit", [1 / 52, 7.0, 168.0])
def test_the_unit_of_time_does_not_matter(case: Case, past: Summary, unit: float) -> None:
    if case.in_opportunities:
        pytest.skip("opportunities are counted, not measured")
    other = Summary(past.frequency, past.recency * unit, past.T * unit)

    one, two = case.model.fit(past), case.model.fit(other)

    for name, value in one.params.items():
        assert two.params[name] == pytest.approx(value * unit ** case.times.get(name, 0), rel=1e-6)
    some, same = (data.rows(np.arange(500), np.ones(500)) for data in (past, other))
    assert two.conditional_expected_purchases(same, 52 * unit) == pytest.approx(
        one.conditional_expected_purchases(some, 52), rel=1e-6
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
    name = next(iter(case.truth))
    assert fits[0].standard_errors[name] == pytest.approx(
        fits[2].standard_errors[name] / np.sqrt(2), rel=1e-3
    )


def test_more_time_brings_more_purchases(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(200), np.ones(200))

    horizons = [0.0, 1.0 if case.in_opportunities else 0.1, 2.0, 10.0, 100.0, 1000.0]
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


def test_the_chances_of_all_counts_add_up(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(60), np.ones(60))
    n = np.arange(400)

    known = model.conditional_probability_of_purchases(some, n, 8.0)
    new = model.probability_of_purchases(n, 8.0)

    assert known.sum(axis=1) == pytest.approx(np.ones(60))
    assert known @ n == pytest.approx(model.conditional_expected_purchases(some, 8.0))
    assert new.sum() == pytest.approx(1)
    assert new @ n == pytest.approx(float(model.expected_purchases(8.0)))


def test_no_purchase_is_the_rest_of_at_least_one(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(60), np.ones(60))

    none = model.conditional_probability_of_purchases(some, 0, 8.0)

    assert model.probability_of_order_by(some, 8.0) == pytest.approx(1 - none)


def test_the_next_order_falls_where_its_chances_say(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(60), np.ones(60))

    following = model.next_order(some, level=0.8)

    for time, share in ((following.low, 0.1), (following.median, 0.5), (following.high, 0.9)):
        enough = share * (1 - following.never)
        by_then = model.probability_of_order_by(some, time)
        if case.in_opportunities:  # the first at which it is as likely
            assert (by_then >= enough * (1 - 1e-12)).all()
            assert (model.probability_of_order_by(some, time - 1) < enough).all()
        else:
            assert by_then == pytest.approx(enough)
    assert (following.never >= 1 - model.probability_alive(some) - 1e-12).all()


def test_without_discount_value_is_a_count_of_purchases(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(60), np.ones(60))

    plain = model.conditional_expected_purchases(some, 52)

    assert model.det(some, 52, 0.0) == pytest.approx(plain)
    assert model.det(some, 52, 1e-9) == pytest.approx(plain, rel=1e-7)
    assert model.clv(some, 52, 0.0, np.full(60, 3.0)) == pytest.approx(3 * plain)


def test_discounted_value_grows_to_its_limit(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(5), np.ones(5))

    values = [model.det(some, horizon, 0.01) for horizon in (1, 10, 100, 5000)]

    assert (np.diff(values, axis=0) >= 0).all()
    assert values[-1] == pytest.approx(model.dert(some, 0.01), rel=1e-9)


def test_discounting_is_the_sum_over_short_times(case: Case, past: Summary) -> None:
    model, some = case.known(), past.rows(np.arange(20), np.ones(20))
    if case.in_opportunities:
        pytest.skip("there is no short time: an opportunity counts as a whole")
    ends = np.linspace(0, 26, 261)

    counts = np.diff([model.conditional_expected_purchases(some, t) for t in ends], axis=0)

    middles = (ends[1:] + ends[:-1]) / 2
    assert model.det(some, 26, 0.02) == pytest.approx(np.exp(-0.02 * middles) @ counts, rel=1e-5)


def test_simulated_purchases_are_distributed_as_their_chances(case: Case) -> None:
    rng = np.random.default_rng(11)
    drawn = case.known().simulate(np.full(20_000, 20.0), rng).frequency

    chances = case.known().probability_of_purchases(np.arange(6), 20.0)

    shares = np.bincount(drawn.astype(int), minlength=6)[:6] / drawn.size
    assert shares == pytest.approx(chances, abs=4.5 * 0.5 / np.sqrt(drawn.size))


def test_an_impossible_question_is_refused(case: Case) -> None:
    model, one = case.known(), Summary([1], [2], [3])

    with pytest.raises(BadInput, match="a share between 0 and 1"):
        model.next_order(one, level=1.0)
    with pytest.raises(BadInput, match="both have to be 0 or more"):
        model.det(one, -1, 0.1)
    with pytest.raises(BadInput, match="needs a rate above 0"):
        model.dert(one, 0.0)


def of_two_kinds(seed: int, life: float, n: int = 2_000) -> Summary:
    """Half buy once a week, half once a year, and they leave after a life of their own."""
    rng = np.random.default_rng(seed)
    T, rate = rng.uniform(5, 60, n), rng.choice([0.02, 1.0], n)
    there = np.minimum(T, rng.exponential(life, n))
    x = rng.poisson(rate * there).astype(float)
    t_x = np.where(x > 0, there * rng.random(n) ** (1 / np.maximum(x, 1)), 0.0)
    return Summary(x, t_x, T)


@pytest.mark.parametrize("model", [bg_nbd, mbg_nbd], ids=lambda one: one.__name__[-7:])
@pytest.mark.parametrize("life", [100.0, 1e9])
def test_the_highest_of_several_maxima_is_found(model: ModuleType, life: float) -> None:
    past = of_two_kinds(1, life)
    fitted = model.fit(past)

    for a, b in ((0.7, 2.5), (0.1, 0.1), (0.01, 0.05), (0.001, 0.01)):
        near = dict(fitted.params) | {"a": a, "b": b}
        assert model.fit(past, near=near).log_likelihood < fitted.log_likelihood + 0.01


def test_the_likelihood_that_is_told_is_that_of_parameters_that_ran_off() -> None:
    past = Summary([200.0] * 500, [50.0] * 500, [52.0] * 500)  # as regular as no NBD can be

    for model in (nbd, bg_nbd, pareto_nbd):
        fitted = model.fit(past)
        told = float(model.log_likelihood(fitted.params, past).sum())
        assert fitted.evidence.certificate.undetermined
        assert fitted.log_likelihood == pytest.approx(told, abs=1e-6)


def test_a_k_without_a_maximum_does_not_stop_the_search_over_k() -> None:
    past = Summary([1] + [0] * 999, [3] + [0] * 999, [5] * 1000)

    with pytest.raises(DidNotConverge):
        mbg_cnbd_k.fit(past, k=2)

    assert mbg_cnbd_k.fit(past).k in (1, 3, 4, 5, 6, 7, 8)
