"""What every model of renewals must do, and the papers' numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.core.errors import BadInput
from joren.science.clv import Contracts, beta_discrete_weibull, shifted_beta_geometric
from joren.science.errors import OneOutcomeOnly
from tests.absence import absent


@dataclass(frozen=True)
class Case:
    model: ModuleType
    truth: dict[str, float]

    def known(self) -> Any:
        return self.model.given(**self.truth)


CASES = [
    Case(shifted_beta_geometric, {"alpha": 0.7, "beta": 1.2}),
    Case(shifted_beta_geometric, {"alpha": 3.0, "beta": 30.0}),
    Case(beta_discrete_weibull, {"alpha": 0.5, "beta": 1.8, "c": 1.5}),
    Case(beta_discrete_weibull, {"alpha": 1.2, "beta": 3.0, "c": 0.6}),
]
MODELS = (shifted_beta_geometric, beta_discrete_weibull)


@pytest.fixture(params=CASES, ids=lambda case: f"{case.model.__name__}-{case.truth['beta']}")
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def past(case: Case) -> Contracts:
    rng = np.random.default_rng(20261102)
    return case.known().simulate(rng.integers(1, 40, 20_000), rng)


@pytest.fixture(scope="module")
def cohorts(data_dir: Path) -> dict[str, np.ndarray]:
    path = data_dir / "fader_hardie_2007_retention.csv"
    if not path.is_file():
        absent(f"the data file {path}", hint="set JOREN_DATA to the folder of the public data")
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return {"high-end": table[:, 1] * 10, "regular": table[:, 2] * 10}


@pytest.mark.parametrize(
    ("cohort", "alpha", "beta", "likelihood", "lifetime", "retention"),
    [
        ("high-end", 0.6681, 3.8061, -1611.16, 5.9223, "851 878 897 911 921 929 936"),
        ("regular", 0.7041, 1.1820, -1680.27, 3.6949, "627 756 819 856 880 898 911"),
    ],
)
def test_two_cohorts_match_the_paper(
    cohorts: dict[str, np.ndarray],
    cohort: str,
    alpha: float,
    beta: float,
    likelihood: float,
    lifetime: float,
    retention: str,
) -> None:
    fitted = shifted_beta_geometric.fit(Contracts.of_cohorts([cohorts[cohort][:8]]))

    assert (fitted.alpha, fitted.beta) == pytest.approx((alpha, beta), abs=5.1e-5)
    assert fitted.log_likelihood == pytest.approx(likelihood, abs=5.1e-3)
    assert fitted.discounted_lifetime(0.1) == pytest.approx(lifetime, abs=5.1e-5)
    printed = [int(rate) / 1000 for rate in retention.split()]
    assert fitted.retention(np.arange(1, 8)) == pytest.approx(printed, abs=5.1e-4)


def test_years_beyond_the_data_match_the_paper(cohorts: dict[str, np.ndarray]) -> None:
    fitted = shifted_beta_geometric.fit(Contracts.of_cohorts([cohorts["regular"][:8]]))

    expected = [0.220, 0.204, 0.191, 0.180, 0.170]
    assert fitted.survival(np.arange(8, 13)) == pytest.approx(expected, abs=5.1e-4)


def test_four_renewals_tell_the_next_eight(cohorts: dict[str, np.ndarray]) -> None:
    fitted = beta_discrete_weibull.fit(Contracts.of_cohorts([cohorts["high-end"][:5]]))

    assert tuple(fitted.params.values()) == pytest.approx((0.2593, 1.7226, 1.5844), abs=5.1e-5)
    assert fitted.log_likelihood == pytest.approx(-1222.75, abs=5.1e-3)
    expected = [0.457, 0.436, 0.418, 0.403, 0.389]
    assert fitted.survival(np.arange(8, 13)) == pytest.approx(expected, abs=5.1e-4)
    actual = cohorts["high-end"][8:13] / 1000
    assert np.abs(fitted.survival(np.arange(8, 13)) - actual).max() < 0.012


def test_simulated_parameters_are_recovered(case: Case, past: Contracts) -> None:
    fitted = case.model.fit(past)

    for name, value in case.truth.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]


def test_the_fit_beats_the_truth_on_its_own_data(case: Case, past: Contracts) -> None:
    fitted = case.model.fit(past)

    gain = fitted.log_likelihood - case.model.log_likelihood(case.truth, past).sum()

    assert 0 <= gain < 10
    assert case.model.log_likelihood(fitted.params, past).sum() == pytest.approx(
        fitted.log_likelihood
    )


@pytest.mark.parametrize("shift", [0.3, -4.0, 5.0])
def test_the_gradient_is_the_slope_of_the_likelihood(
    case: Case, past: Contracts, shift: float
) -> None:
    objective = case.model.objective_on(past)
    point = np.log(list(case.truth.values())) + shift

    _, slope = objective(point)

    for i, step in enumerate(np.eye(point.size) * 1e-5):
        rise = (objective(point + step)[0] - objective(point - step)[0]) / 2e-5
        assert slope[i] == pytest.approx(rise, rel=1e-6, abs=1e-8)


def test_a_weight_is_a_repetition_and_the_order_does_not_matter(case: Case) -> None:
    made, active = np.array([0, 1, 1, 3, 5, 2, 0, 7]), np.array([0, 0, 1, 0, 1, 1, 0, 0])
    order = np.random.default_rng(1).permutation(24)

    weighted = case.model.fit(Contracts.of_tenures(made, active, weights=np.full(8, 3.0)))
    repeated = case.model.fit(
        Contracts.of_tenures(np.tile(made, 3)[order], np.tile(active, 3)[order])
    )

    assert weighted.params == pytest.approx(repeated.params, rel=1e-9)


def test_contracts_that_began_before_the_record_tell_the_same_truth(case: Case) -> None:
    rng = np.random.default_rng(4)
    due = np.full(60_000, 12.0)
    made = np.minimum(case.known()._renewals(due.size, rng), due)
    seen = made >= 4  # the record begins at the fourth renewal and knows who was there

    late = Contracts.of_tenures(made[seen], made[seen] >= 12, seen_from=np.full(seen.sum(), 4))
    early = Contracts.of_tenures(np.minimum(made, 4), made >= 4)
    both = Contracts(
        np.append(early.period, late.period),
        np.append(early.renewed, late.renewed),
        np.append(early.lost, late.lost),
        early.n,
    )

    fitted = case.model.fit(both)
    for name, value in case.truth.items():
        assert abs(fitted.params[name] - value) < 4 * fitted.standard_errors[name]


def test_survival_falls_from_one_and_is_the_product_of_retentions(case: Case) -> None:
    model = case.known()
    numbers = np.arange(1, 400)

    survival = model.survival(numbers)

    assert model.survival(0) == 1
    assert (np.diff(survival) < 0).all()
    assert survival == pytest.approx(np.cumprod(model.retention(numbers)), rel=1e-11)
    assert model.conditional_survival(5, numbers) == pytest.approx(
        model.survival(numbers + 5) / model.survival(5), rel=1e-11
    )


def test_sums_of_lifetimes_are_the_sums_of_their_terms(case: Case) -> None:
    model, h = case.known(), np.arange(1, 200_001)
    left = model.conditional_survival(3, h)

    assert model.expected_renewals(3, 24) == pytest.approx(left[:24].sum(), rel=1e-12)
    assert model.expected_renewals(3, 150_000) == pytest.approx(left[:150_000].sum(), rel=1e-10)
    for rate in (1.0, 0.1, 0.01, 4e-4):
        whole = (left * np.exp(-h * np.log1p(rate))).sum()
        assert model.discounted_residual(3, rate) == pytest.approx((1 + rate) * whole, rel=1e-10)


def test_values_are_margins_times_renewals(case: Case) -> None:
    model, rate = case.known(), 0.02

    assert model.lifetime_value(margin=1200, rate=rate) == pytest.approx(
        1200 * model.discounted_lifetime(rate)
    )
    assert model.residual_value([0, 9], margin=[500.0, 800.0], rate=0, horizon=6) == pytest.approx(
        np.array([500, 800]) * model.expected_renewals([0, 9], 6)
    )


def test_the_longer_someone_stayed_the_longer_they_stay() -> None:
    model = shifted_beta_geometric.given(alpha=0.7, beta=1.2)

    assert (np.diff(model.expected_renewals(np.arange(50), 12)) > 0).all()
    assert (np.diff(model.discounted_residual(np.arange(50), 0.1)) > 0).all()


def test_at_c_of_one_both_models_are_the_same() -> None:
    one = shifted_beta_geometric.given(alpha=0.7, beta=1.2)
    other = beta_discrete_weibull.given(alpha=0.7, beta=1.2, c=1.0)

    assert other.survival(np.arange(300)) == pytest.approx(one.survival(np.arange(300)))
    assert other.discounted_residual(7, 0.01) == pytest.approx(one.discounted_residual(7, 0.01))


extreme = st.floats(-9, 9).map(np.exp)


@given(extreme, extreme, st.floats(-4, 4).map(np.exp), st.integers(0, 600), st.integers(1, 600))
@settings(deadline=None, max_examples=80)
def test_survival_is_right_in_the_extremes(alpha, beta, c, n, h) -> None:
    for model, power in (
        (beta_discrete_weibull.given(alpha=alpha, beta=beta, c=c), c),
        (shifted_beta_geometric.given(alpha=alpha, beta=beta), 1.0),
    ):
        with mpmath.workdps(300):
            a, b, start, end = (mpmath.mpf(v) for v in (alpha, beta, n, n + h))
            low, high = (t ** mpmath.mpf(power) for t in (start, end))
            ln = mpmath.loggamma
            exact = ln(b + high) - ln(b + low) + ln(a + b + low) - ln(a + b + high)
            exact = float(exact)
        found = model._log_left(np.array(float(n)), np.array(float(h)))
        assert float(found) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "cohorts",
    [
        [[10_000_000, 9_999_999, 9_999_999]],
        [[1000, 1, 0]],
        [[1000, 500, 250, 125, 62, 31, 15, 7]],
        [[100, 0], [1, 1]],
        [[1000] + [900] * 300],
        [[3, 2]],
        [[1000, 1000, 1000, 1000, 500, 300, 250]],
    ],
    ids=["no churn but one", "all gone", "geometric", "few", "then for ever", "three", "wall"],
)
def test_a_shop_of_any_kind_gets_an_answer(model: ModuleType, cohorts: list[list[float]]) -> None:
    fitted = model.fit(Contracts.of_cohorts(cohorts))

    survival = fitted.survival(np.arange(500))
    assert ((survival >= 0) & (survival <= 1)).all()
    assert np.isfinite(fitted.discounted_residual([0, 5, 300], 0.01)).all()
    first = cohorts[0][1] / cohorts[0][0] if len(cohorts) == 1 else 1 / 101
    assert fitted.retention(1) == pytest.approx(first, abs=0.2)


@pytest.mark.parametrize("model", MODELS)
def test_one_outcome_alone_is_refused_with_the_reason(model: ModuleType) -> None:
    with pytest.raises(OneOutcomeOnly, match="none of 200 renewals was missed"):
        model.fit(Contracts.of_cohorts([[100, 100, 100]]))
    with pytest.raises(OneOutcomeOnly, match="none of 100 contracts was ever renewed"):
        model.fit(Contracts.of_cohorts([[100, 0]]))


def test_questions_without_an_answer_are_refused(case: Case) -> None:
    model = case.known()

    with pytest.raises(BadInput, match="not a whole number from 0"):
        model.expected_renewals(1.5, 12)
    with pytest.raises(BadInput, match="not a whole number from 1"):
        model.retention(0)
    with pytest.raises(BadInput, match="may have no end"):
        model.residual_value(0, margin=1, rate=0)
    with pytest.raises(BadInput, match=r"rate = -0\.1"):
        model.discounted_lifetime(-0.1)
