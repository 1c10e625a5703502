"""Posteriors against a long Markov chain, against quadrature, and for shops of any size."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from joren.core.errors import BadInput
from joren.science.clv import (
    Contracts,
    Summary,
    beta_discrete_weibull,
    bg_bb,
    bg_nbd,
    gamma_gamma,
    log_normal_spend,
    mbg_cnbd_k,
    mbg_nbd,
    nbd,
    pareto_nbd,
    shifted_beta_geometric,
)
from joren.science.clv.posterior import posterior
from joren.science.clv.predictive import purchases, total
from joren.science.clv.priors import Normal, weak
from joren.science.clv.sharing import shared_prior
from joren.science.clv.spends import spends_of
from joren.science.errors import DidNotConverge

TRUTH = bg_nbd.given(r=0.6, alpha=8.0, a=0.8, b=3.0)


def shop(customers: int, *, seed: int = 1) -> Summary:
    rng = np.random.default_rng(seed)
    return TRUTH.simulate(rng.uniform(10, 60, customers), rng)


def peers_prior(points: np.ndarray) -> np.ndarray:
    """r ~ Weibull(2, 1), alpha ~ Weibull(2, 10), a/(a+b) uniform, a+b ~ Pareto(1) from 1."""
    r, alpha, a, b = np.exp(points).T
    with np.errstate(all="ignore"):
        density = np.log(r) - r**2 + np.log(alpha) - (alpha / 10) ** 2 - 3 * np.log(a + b)
    return np.where(a + b >= 1, density + points.sum(axis=1), -np.inf)


def test_it_agrees_with_a_long_chain_under_the_same_prior(cdnow_sample) -> None:
    rng = np.random.default_rng(1)

    found = posterior(bg_nbd, cdnow_sample.summary, rng, prior=peers_prior, draws=8_000)

    # NUTS, 627 to 1,000 effective draws: its error of a mean is sd / 25, of an sd about 6 %.
    chain = {"r": (0.245, 0.013), "alpha": (4.494, 0.389), "a": (0.783, 0.190), "b": (2.418, 0.737)}
    for name, (mean, sd) in chain.items():
        assert found.means[name] == pytest.approx(mean, abs=3 * sd / 25 + 5e-4)
        assert found.standard_deviations[name] == pytest.approx(sd, rel=0.15)
    assert found.effective > 6_000
    assert found.k_hat < 0.5


def test_it_agrees_with_quadrature() -> None:
    contracts = Contracts.of_cohorts([[60, 50, 44, 39], [20, 15]])
    prior = weak(shifted_beta_geometric, contracts)
    axis = np.linspace(-5, 6, 140)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    objective = shifted_beta_geometric.objective_on(contracts)
    density = contracts.n * np.array([objective(point)[0] for point in grid]) + prior(grid)
    weights = np.exp(density - density.max())
    evidence = density.max() + np.log(weights.sum() * (axis[1] - axis[0]) ** 2)
    weights /= weights.sum()

    found = posterior(shifted_beta_geometric, contracts, np.random.default_rng(2), draws=8_000)

    mean = weights @ grid
    sd = np.sqrt(weights @ (grid - mean) ** 2)
    assert found.weighed.weights @ found.points == pytest.approx(mean, abs=0.05)
    away = found.points - mean
    assert np.sqrt(found.weighed.weights @ away**2) == pytest.approx(sd, rel=0.05)
    assert found.evidence == pytest.approx(evidence, abs=0.03)
    order = np.argsort(grid[:, 0], kind="stable")
    low, high = np.interp([0.05, 0.95], np.cumsum(weights[order]), grid[order, 0])
    assert found.interval()["alpha"] == pytest.approx((np.exp(low), np.exp(high)), rel=0.1)


def test_much_data_leave_the_prior_behind() -> None:
    past = shop(6_000)
    fitted = bg_nbd.fit(past)

    found = posterior(bg_nbd, past, np.random.default_rng(3), draws=1_500)

    for name in found.names:
        error = fitted.standard_errors[name]
        assert abs(found.means[name] - fitted.params[name]) < error / 2
        assert found.standard_deviations[name] == pytest.approx(error, rel=0.3)


def test_a_surface_answers_as_the_likelihood_does(monkeypatch: pytest.MonkeyPatch) -> None:
    past = shop(700)
    fast = posterior(bg_nbd, past, np.random.default_rng(4), draws=700)
    monkeypatch.setattr("joren.science.clv.posterior.CLOSE", 0.0)

    exact = posterior(bg_nbd, past, np.random.default_rng(4), draws=700)

    assert dict(fast.means) == pytest.approx(dict(exact.means), rel=0.01)
    assert fast.evidence == pytest.approx(exact.evidence, abs=0.01)


@pytest.mark.parametrize("model", [bg_nbd, mbg_nbd, nbd, pareto_nbd])
@pytest.mark.parametrize("customers", [1, 5, 20, 80])
def test_a_small_shop_gets_a_sane_and_wide_answer(model, customers: int) -> None:
    past = shop(customers, seed=customers)

    found = posterior(model, past, np.random.default_rng(5), draws=1_000)

    assert found.k_hat <= 0.7
    assert found.effective > 100
    low, high = found.interval()["r"]
    assert 0.002 < low < high < 60
    assert high / low > 1.5


def test_nobody_who_came_back_is_an_answer_too() -> None:
    silent = Summary([0] * 30, [0] * 30, [20.0] * 30)
    rng = np.random.default_rng(6)

    found = posterior(bg_nbd, silent, rng, draws=1_000)
    low, high = np.quantile(total(found, silent, 20, rng, draws=300), [0.05, 0.95])

    assert 0 <= low < 1
    assert 1 < high < 60


@pytest.mark.parametrize("model", [shifted_beta_geometric, beta_discrete_weibull])
@pytest.mark.parametrize("cohort", [[100, 100, 100], [100, 0], [5, 4, 3]])
def test_contracts_with_one_outcome_get_a_posterior(model, cohort: list[int]) -> None:
    found = posterior(model, Contracts.of_cohorts([cohort]), np.random.default_rng(7), draws=1_000)

    rates = [drawn.retention(1) for drawn in found.draws(400, np.random.default_rng(8))]
    low, high = np.quantile(rates, [0.05, 0.95])
    assert low - 0.01 <= cohort[1] / cohort[0] <= high + 0.03


def test_buying_in_turns_has_a_posterior() -> None:
    rng = np.random.default_rng(9)
    truth = bg_bb.given(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8)

    found = posterior(bg_bb, truth.simulate(np.full(800, 6), rng), rng, draws=1_000)

    for name, (low, high) in found.interval(0.998).items():
        assert low < truth.params[name] < high


def spends(customers: int, *, seed: int = 3, money: float = 1.0):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 5, customers).astype(float)
    rate = rng.gamma(4.0, 1 / 1500.0, customers)
    return spends_of(x, money * rng.gamma(6.0 * x) / x / rate, None)


@pytest.mark.parametrize("customers", [1, 20, 1_000])
def test_spend_has_a_posterior_in_any_money(customers: int) -> None:
    few, other = (
        posterior(
            gamma_gamma, spends(customers, money=money), np.random.default_rng(2), draws=1_000
        )
        for money in (1.0, 150.0)
    )

    assert few.k_hat <= 0.7
    assert other.means["v"] == pytest.approx(150 * few.means["v"], rel=1e-3)
    for name, value in {"p": 6.0, "q": 4.0, "v": 1500.0}.items():
        low, high = few.interval(0.998)[name]
        assert low < value < high
        assert high / low > (1.1 if customers > 100 else 3)


def test_regular_customers_have_a_posterior_at_one_k() -> None:
    rng = np.random.default_rng(4)
    truth = mbg_cnbd_k.given(k=2, r=0.8, alpha=3.0, a=0.8, b=3.0)
    past = truth.simulate(rng.uniform(10, 60, 600), rng)

    found = posterior(mbg_cnbd_k.of_k(2), past, rng, draws=1_000)

    for name, (low, high) in found.interval(0.998).items():
        assert low < truth.params[name] < high
    assert found.centre().params["k"] == 2
    with pytest.raises(BadInput, match="k is not drawn"):
        posterior(mbg_cnbd_k, past, rng)


def test_the_unit_of_time_does_not_matter() -> None:
    past = shop(200)
    days = Summary(past.frequency, past.recency * 7, past.T * 7)

    weeks, other = (
        posterior(bg_nbd, data, np.random.default_rng(3), draws=1_000) for data in (past, days)
    )

    assert other.means["alpha"] == pytest.approx(7 * weeks.means["alpha"], rel=1e-3)
    assert other.means["b"] == pytest.approx(weeks.means["b"], rel=1e-3)
    assert other.effective == pytest.approx(weeks.effective, rel=0.01)


def test_chance_is_repeatable_and_draws_are_models() -> None:
    past = shop(300)

    one, two = (posterior(bg_nbd, past, np.random.default_rng(9), draws=1_000) for _ in range(2))

    assert one.points.tolist() == two.points.tolist()
    drawn = one.draws(500, np.random.default_rng(1))
    assert np.mean([model.r for model in drawn]) == pytest.approx(one.means["r"], rel=0.05)
    assert one.centre().r == pytest.approx(one.means["r"], rel=0.1)


def test_customers_intervals_hold_what_they_promise() -> None:
    rng = np.random.default_rng(10)
    past = TRUTH.simulate(np.full(400, 30.0), rng)
    found = posterior(bg_nbd, past, rng, draws=1_000)

    told = purchases(found, past, 30, rng, draws=15)
    ahead = TRUTH.conditional_probability_of_purchases(past, np.arange(120), 30)
    below, inside = np.cumsum(ahead, axis=1), np.arange(len(past))

    low = np.where(told.low > 0, below[inside, np.maximum(told.low - 1, 0).astype(int)], 0.0)
    held = below[inside, told.high.astype(int)] - low
    assert held.mean() > 0.9
    assert (told.low <= told.median).all()
    assert (told.median <= told.high).all()
    centre = found.centre().conditional_expected_purchases(past, 30)
    assert told.mean.sum() == pytest.approx(centre.sum(), rel=0.1)


def test_totals_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    past = shop(800)
    found = posterior(bg_nbd, past, rng, draws=1_000)
    drawn = total(found, past, 26, rng, draws=400)

    expected = float(past.weights @ TRUTH.conditional_expected_purchases(past, 26))

    low, high = np.quantile(drawn, [0.01, 0.99])
    assert low < expected < high
    chances = TRUTH.conditional_probability_of_purchases(past, np.arange(120), 26)
    square = chances @ np.arange(120) ** 2 - (chances @ np.arange(120)) ** 2
    assert drawn.var() > square.sum()


def test_of_nobody_and_in_no_time_nothing_is_foretold() -> None:
    rng, nobody = np.random.default_rng(4), Summary([], [], [])
    past = shop(300)
    found = posterior(bg_nbd, past, rng, draws=500)

    told, at_once = purchases(found, nobody, 30, rng, draws=3), purchases(found, past, 0, rng)

    assert [part.size for part in (told.mean, told.low, told.median, told.high)] == [0] * 4
    assert not at_once.high.any()
    assert total(found, nobody, 30, rng, draws=5).tolist() == [0] * 5
    assert total(found, past, 0, rng, draws=5).tolist() == [0] * 5


def test_stores_of_one_shop_learn_from_each_other() -> None:
    rng = np.random.default_rng(5)
    truth = np.log([0.6, 5, 0.8, 2.5]) + 0.3 * rng.standard_normal((8, 4))
    stores = {}
    for number, (point, size) in enumerate(zip(truth, [120] * 5 + [900] * 3, strict=True)):
        model = bg_nbd.given(**dict(zip(bg_nbd.NAMES, np.exp(point), strict=True)))
        stores[str(number)] = model.simulate(rng.uniform(10, 60, size), rng)

    prior = shared_prior(bg_nbd, stores)

    missed = []
    for belief in (None, prior):
        small = [posterior(bg_nbd, stores[str(i)], rng, prior=belief, draws=300) for i in range(5)]
        points = np.array([found.weighed.weights @ found.points for found in small])
        missed.append(np.sqrt(np.mean((points - truth[:5]) ** 2)))
    assert missed[1] < 0.8 * missed[0]
    large = posterior(bg_nbd, stores["7"], rng, prior=prior, draws=300)
    assert large.means["r"] == pytest.approx(bg_nbd.fit(stores["7"]).r, rel=0.15)


def test_a_normal_prior_is_a_normal() -> None:
    prior = Normal(np.array([0.3, -1.0]), np.array([[0.5, 0.2], [0.2, 0.4]]))
    points = prior.draws(20_000, np.random.default_rng(1))

    assert prior(points[:50]) == pytest.approx(
        multivariate_normal(prior.mean, prior.covariance).logpdf(points[:50])
    )
    assert np.cov(points.T) == pytest.approx(prior.covariance, abs=0.02)


def test_what_cannot_be_drawn_is_refused() -> None:
    past = shop(60)

    with pytest.raises(BadInput, match="no weak prior for log_normal_spend"):
        weak(log_normal_spend, past)
    with pytest.raises(BadInput, match="at least 2"):
        shared_prior(bg_nbd, {"one": past})
    with pytest.raises(BadInput, match="level = 1"):
        posterior(nbd, past, np.random.default_rng(1), draws=200).interval(1.0)
    with pytest.raises(DidNotConverge):
        posterior(nbd, past, np.random.default_rng(1), prior=_endless, draws=200)


def _endless(points: np.ndarray) -> np.ndarray:
    """Ever higher, the further r is from 1: there is no posterior."""
    return 60 * np.abs(points[:, 0]) ** 3
