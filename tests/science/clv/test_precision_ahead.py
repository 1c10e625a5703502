"""What is to come, against exact answers in many digits: chances of counts, and random extremes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import pytest

from joren.science.clv import gamma_gamma, pareto_nbd
from joren.science.clv.forecasts import Past
from tests.science.clv import exact_counts
from tests.science.clv.test_precision import CLOSE, MODELS, Extreme, extremes

LEAST = 1e-290  # a chance below it has not all digits
BUYING = ("nbd", "bg_nbd", "mbg_nbd", "pareto_nbd")


@pytest.fixture(autouse=True)
def digits() -> Iterator[None]:
    with mpmath.workdps(20):
        yield


def _future(model: Any, case: Extreme) -> Any:
    return model._if_here(Past(*(np.array([float(part)]) for part in case[1:4])))


@pytest.mark.parametrize(
    ("p", "x", "T", "t", "n"),
    [
        ((10.7399, 3.23281, 53.737, 5.40354), 100, 0.0434, 2.1614, 400),
        ((1.856, 5.267, 1.943, 0.8097), 100, 0.2745, 0.3789, 200),
        ((1.10137, 104.897, 91.4412, 24.8842), 100, 0.306475, 16.8356, 400),
    ],
)
def test_far_more_purchases_than_likely_have_their_own_small_chance(
    p: tuple[float, ...], x: int, T: float, t: float, n: int
) -> None:
    case = Extreme(dict(zip(MODELS["pareto_nbd"][1], p, strict=True)), x, T / 2, T, t, 0.0)

    found = _future(pareto_nbd.given(**case.parameters), case).exactly(np.array(float(n)), t)[0]

    wanted = exact_counts.of_count("pareto_nbd", case.parameters, x, T, t, n)
    assert found == pytest.approx(float(wanted), rel=CLOSE, abs=0)


@pytest.mark.parametrize("name", BUYING)
def test_chances_of_counts_are_right_in_the_extremes(name: str) -> None:
    counts = np.random.default_rng(8).choice([0, 1, 2, 5, 17, 100, 400], 40)
    seen = 0
    for n, (_, model, case) in zip(
        counts.tolist(), extremes(name, 12 if "pareto" in name else 40), strict=False
    ):
        wanted = exact_counts.of_count(name, case.parameters, case.x, case.T, case.t, n)
        found = _future(model, case).exactly(np.array(float(n)), np.array(case.t)).ravel()[0]

        if wanted > LEAST:
            seen += 1
            assert found == pytest.approx(float(wanted), rel=CLOSE, abs=0), (case, n)
    assert seen > 4


@pytest.mark.parametrize("name", BUYING)
def test_an_order_by_then_is_as_likely_as_it_is_in_the_extremes(name: str) -> None:
    for _, model, case in extremes(name, 12 if "pareto" in name else 60):
        wanted = exact_counts.of_order_by(name, case.parameters, case.x, case.T, case.t)
        found = _future(model, case).order_by(np.array(case.t)).ravel()[0]

        assert found == pytest.approx(float(wanted), rel=CLOSE, abs=0), case


@pytest.mark.parametrize("name", ["bg_nbd", "mbg_nbd"])
def test_expected_purchases_are_right_where_customers_leave_with_one(name: str) -> None:
    for _, model, case in extremes(name, 60):
        wanted = exact_counts.expected(name, case.parameters, case.x, case.T, case.t)
        found = _future(model, case).expected(np.asarray(case.t)).ravel()[0]

        assert found == pytest.approx(float(wanted), rel=CLOSE), case


def spenders(count: int) -> Iterator[tuple[dict[str, float], int, float]]:
    """Parameters from .02 to 1,000, up to thousands of purchases, means far from what is likely."""
    rng = np.random.default_rng(9)
    for _ in range(count):
        p = {letter: float(np.exp(rng.uniform(-4, 7))) for letter in "pqv"}
        yield p, int(rng.choice([1, 2, 5, 100, 3_000])), p["v"] * float(np.exp(rng.uniform(-7, 7)))


def test_the_likelihood_of_spend_is_right_in_the_extremes() -> None:
    for parameters, x, z in spenders(80):
        found = gamma_gamma.log_likelihood(parameters, [x], [z])[0]

        with mpmath.workdps(40):
            p, q, v = (mpmath.mpf(parameters[letter]) for letter in "pqv")
            wanted = (mpmath.loggamma(p * x + q) - mpmath.loggamma(p * x) - mpmath.loggamma(q)) + (
                q * mpmath.log(v) - mpmath.log(z) + p * x * mpmath.log(mpmath.mpf(x) * z)
            )
            wanted -= (p * x + q) * mpmath.log(v + mpmath.mpf(x) * z)
        assert found == pytest.approx(float(wanted), rel=CLOSE, abs=CLOSE), (parameters, x, z)


def test_bounds_of_spend_are_where_their_chances_say_in_the_extremes() -> None:
    for parameters, x, z in spenders(40):
        bounds = gamma_gamma.given(**parameters).spend_interval([x], [z], level=0.8)

        p, q, v = (mpmath.mpf(parameters[letter]) for letter in "pqv")
        for bound, share in zip(bounds, (0.1, 0.9), strict=True):
            # p over their own mean is Gamma(px + q, rate v + xz).
            above = mpmath.gammainc(
                p * x + q, 0, p * (v + x * mpmath.mpf(z)) / mpmath.mpf(bound[0]), regularized=True
            )
            assert float(1 - above) == pytest.approx(share, rel=1e-7), (parameters, x, z)
