"""Every model against its printed equations in many digits, also where those overflow."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest

from joren.science.clv import Summary, bg_nbd, mbg_cnbd_k, mbg_nbd, nbd, pareto_nbd
from joren.science.clv.forecasts import Past
from tests.science.clv import exact

CLOSE = 1e-9
MODELS = {
    "nbd": (nbd, ("r", "alpha")),
    "bg_nbd": (bg_nbd, ("r", "alpha", "a", "b")),
    "mbg_nbd": (mbg_nbd, ("r", "alpha", "a", "b")),
    "mbg_cnbd_k": (mbg_cnbd_k, ("r", "alpha", "a", "b")),
    "pareto_nbd": (pareto_nbd, ("r", "alpha", "s", "beta")),
}


class Extreme(NamedTuple):
    """Parameters from .007 to 1,000, times from minutes to decades, thousands of purchases."""

    parameters: dict[str, float]
    x: int
    t_x: float
    T: float
    t: float
    rate: float

    @property
    def summary(self) -> Summary:
        return Summary([self.x], [self.t_x], [self.T])


def extremes(name: str, count: int) -> Iterator[tuple[ModuleType, Any, Extreme]]:
    module, names = MODELS[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    for _ in range(count):
        p: dict[str, float] = {letter: float(np.exp(rng.uniform(-5, 7))) for letter in names}
        if name == "mbg_cnbd_k":
            p["k"] = int(rng.integers(1, 6))
        x = int(rng.choice([0, 0, 1, 2, 5, 20, 100, 2000]))
        T = float(np.exp(rng.uniform(-6, 9)))
        share = float(rng.choice([rng.uniform(), 1 - 1e-6, 1e-6, 1.0]))
        t, rate = (float(np.exp(rng.uniform(low, high))) for low, high in ((-6, 9), (-9, 2)))
        yield module, module.given(**p), Extreme(p, x, T * share if x else 0.0, T, t, rate)


@pytest.fixture(autouse=True)
def digits() -> Iterator[None]:
    with mpmath.workdps(60):
        yield


@pytest.mark.parametrize("name", MODELS)
def test_the_likelihood_is_right_in_the_extremes(name: str) -> None:
    for module, _, case in extremes(name, 60):
        found = module.log_likelihood(case.parameters, case.summary)[0]

        wanted = exact.log_likelihood(name, case.parameters, case.x, case.t_x, case.T)

        # The error of a logarithm is the relative error of the likelihood.
        assert found == pytest.approx(float(wanted), rel=CLOSE, abs=CLOSE), case


@pytest.mark.parametrize("name", MODELS)
def test_the_chance_to_be_there_is_right_in_the_extremes(name: str) -> None:
    for _, model, case in extremes(name, 60):
        found = model.probability_alive(case.summary)[0]

        odds = exact.likelihood_ratio(name, case.parameters, case.x, case.t_x, case.T)

        assert found == pytest.approx(float(1 / (1 + odds)), rel=CLOSE, abs=1e-290), case


def _future(model: Any, case: Extreme) -> Any:
    return model._if_here(Past(*(np.array([float(part)]) for part in case[1:4])))


@pytest.mark.parametrize("name", ["nbd", "pareto_nbd", "bg_nbd", "mbg_nbd"])
def test_expected_purchases_are_right_in_the_extremes(name: str) -> None:
    with mpmath.workdps(30):
        for _, model, case in extremes(name, 60 if "pareto" in name else 2):
            found = _future(model, case).expected(np.asarray(case.t))[0]

            wanted = exact.expected(name, case.parameters, case.x, case.T, case.t)

            assert found == pytest.approx(float(wanted), rel=CLOSE), case


def test_expected_purchases_of_regular_customers_are_right_in_the_extremes() -> None:
    with mpmath.workdps(40):
        cases = ((m, case) for _, m, case in extremes("mbg_cnbd_k", 400))
        few = [(m, case) for m, case in cases if _events(case) < 3000][:60]
        for model, case in few:
            found = _future(model, case).expected(np.asarray(case.t)).ravel()[0]

            wanted = exact.expected_of_regular(case.parameters, case.x, case.t_x, case.T, case.t)

            assert found == pytest.approx(float(wanted), rel=CLOSE), case
    assert len(few) == 60


def _events(case: Extreme) -> float:
    """That are to be expected, and would all be added up."""
    p = case.parameters
    return (p["r"] + p["k"] * case.x + p["k"]) * case.t / (p["alpha"] + case.T)


@pytest.mark.parametrize("name", ["nbd", "pareto_nbd"])
def test_discounted_purchases_are_right_in_the_extremes(name: str) -> None:
    for _, model, case in extremes(name, 40):
        found = _future(model, case).discounted(np.inf, case.rate).ravel()[0]

        wanted = exact.discounted(name, case.parameters, case.x, case.T, case.rate)

        assert found == pytest.approx(float(wanted), rel=CLOSE), case


def test_discounted_purchases_are_right_where_customers_leave_with_one() -> None:
    p = {"r": 0.3, "alpha": 7.0, "a": 0.8, "b": 2.5}

    found = bg_nbd.given(**p).dert(Summary([4], [20], [20]), 0.02)[0]

    with mpmath.workdps(18):
        odds = exact.likelihood_ratio("bg_nbd", p, 4, 20, 20)
        wanted = exact.discounted("bg_nbd", p, 4, 20, 0.02) / (1 + odds)
    assert found == pytest.approx(float(wanted), rel=CLOSE)


@pytest.mark.parametrize("name", MODELS)
def test_nothing_overflows_for_thousands_of_purchases_in_any_unit(name: str) -> None:
    module, names = MODELS[name]
    for unit in (1 / 168, 1.0, 520.0):
        p = dict.fromkeys(names, 0.6) | {"alpha": 4.0 * unit}
        p |= {"beta": 9.0 * unit} if "beta" in p else {}
        p |= {"k": 2} if name == "mbg_cnbd_k" else {}
        model = module.given(**p)
        past = Summary(
            [0, 1, 4000, 4000, 3, 0],
            np.array([0, 1e-3, 1.0, 3900, 10, 0]) * unit,
            np.array([0, 4000, 4000, 4000, 10, 9000]) * unit,
        )

        alive = model.probability_alive(past)
        ahead = model.conditional_expected_purchases(past, 52 * unit)
        value = model.det(past, 13 * unit, 0.003 / unit)

        assert np.isfinite(module.log_likelihood(model.params, past)).all()
        assert ((alive >= 0) & (alive <= 1)).all()
        for numbers in (ahead, value):
            assert (np.isfinite(numbers) & (numbers >= 0)).all()
