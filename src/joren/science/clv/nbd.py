"""NBD: buying at one's own steady rate for ever; nobody leaves.

Ehrenberg (1959), The Pattern of Consumer Purchases, Applied Statistics 8(1), 26-41. Rates vary over
customers as Gamma(r, rate alpha). The yardstick for models with drop-out: where they are no better,
the shop has seen no one leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import psi

from joren.science.arrays import Floats, inner, levels
from joren.science.clv.drop_out import log_count, lomax_quantile
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.futures import Future
from joren.science.clv.gammas import log_rising
from joren.science.clv.summary import Summary, ages
from joren.science.maximum import Objective

NAMES = ("r", "alpha")


@dataclass(frozen=True, eq=False)
class Steady(Future):
    """Buying for ever at a rate ~ Gamma(s, rate alpha)."""

    s: Floats
    alpha: Floats

    def expected(self, t: Floats) -> Floats:
        expected: Floats = self.s * (t / self.alpha)
        return expected

    def exactly(self, n: Floats, t: Floats) -> Floats:
        chance: Floats = np.exp(log_count(n, self.s, t / self.alpha))
        return chance

    def order_by(self, t: Floats) -> Floats:
        chance: Floats = -np.expm1(-self.s * np.log1p(t / self.alpha))
        return chance

    def order_ever(self) -> Floats:
        return np.ones(np.broadcast_shapes(self.s.shape, self.alpha.shape))

    def wait(self, share: Floats) -> Floats:
        return lomax_quantile(share, self.s, self.alpha)

    def discounted(self, horizon: float, rate: float) -> Floats:
        time = horizon if rate == 0 else -np.expm1(-rate * horizon) / rate
        return self.s / self.alpha * time


@dataclass(frozen=True, eq=False)
class Fitted(Estimate, Forecasts):
    """The model at known parameters; `alpha` is in the summary's unit of time."""

    names: ClassVar[tuple[str, ...]] = NAMES
    r: float
    alpha: float

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary at T."""
        age = ages(T)
        x = rng.poisson(rng.gamma(self.r, 1 / self.alpha, age.size) * age).astype(np.float64)
        # Given their number, purchases are spread evenly; the last of x is their maximum.
        t_x = np.where(x > 0, age * rng.random(age.size) ** (1 / np.maximum(x, 1.0)), 0.0)
        return Summary(x, t_x, age)

    def _log_odds_gone(self, summary: Summary) -> Floats:
        return np.full(len(summary), -np.inf)

    def _if_here(self, past: Past) -> Steady:
        return Steady(self.r + past.x, self.alpha + past.T)


def given(*, r: float, alpha: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(r, alpha)


def fit(summary: Summary, *, near: Mapping[str, float] | None = None) -> Fitted:
    """Maximise the likelihood over log parameters, so that both stay positive.

    `near`: the parameters of an earlier fit of nearly the same data, which spare the search.
    """
    require_repeats(summary)
    rate = float(np.average(summary.frequency, weights=summary.weights)) / summary.unit
    starts = [np.log([r, r / rate]) for r in (0.5, 2.0, 0.1)]
    # Recency says nothing here, so that customers who differ in it alone are equal.
    last = np.where(summary.frequency > 0, summary.T, 0.0)
    rows = Summary(summary.frequency, last, summary.T, summary.weights).compressed()
    values, evidence = best_on(rows, objective_on, starts, names=NAMES, near=near)
    return Fitted(*values, evidence=evidence)


def log_likelihood(params: Mapping[str, float], summary: Summary) -> Floats:
    """Of each row's past, in logarithms, as the other models' (times, not only their number)."""
    r, alpha = (params[name] for name in NAMES)
    x, age = levels(summary.frequency), levels(summary.T)
    of_x = log_rising(r, x.values) - x.values * np.log(alpha)
    silence = age.spread(np.log1p(age.values / alpha))
    rows: Floats = x.spread(of_x) - x.spread(r + x.values) * silence
    return rows


def objective_on(summary: Summary) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log parameters."""
    heads = summary.weights / summary.n
    x, age = levels(summary.frequency), levels(summary.T)
    by_x, by_T = x.gather(heads), age.gather(heads)
    bought = heads * summary.frequency
    by_T_of_x, buys = age.gather(bought), float(bought.sum())

    def objective(point: Floats) -> tuple[float, Floats]:
        r, alpha = np.exp(point).tolist()
        silence, exposed = np.log1p(age.values / alpha), r * by_T + by_T_of_x
        value = inner(by_x, log_rising(r, x.values)) - buys * point[1] - inner(exposed, silence)
        of_r = inner(by_x, psi(r + x.values) - psi(r)) - inner(by_T, silence)
        of_alpha = inner(exposed, age.values / (alpha + age.values)) - buys
        return value, np.array([r * of_r, of_alpha])

    return objective
