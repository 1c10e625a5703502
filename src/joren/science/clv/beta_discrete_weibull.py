"""Beta-discrete-Weibull: renewals that come more, or less, easily the longer a contract lasts.

Fader, Hardie, Liu, Davin & Steenburgh (2018), "How to Project Customer Retention" Revisited: The
Role of Duration Dependence, Journal of Interactive Marketing 43, 1-16. A contract makes at least t
renewals with probability (1 - theta)^(t^c), theta ~ Beta(alpha, beta). At c = 1 this is the shifted
beta-geometric; at c > 1 a contract's own risk rises with time, at c < 1 it falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from joren.science.arrays import Floats
from joren.science.clv.beta_steps import BOUND, log_step, step
from joren.science.clv.estimates import evidence_of, named_values
from joren.science.clv.renewals import Contracts
from joren.science.clv.retention import Retention, observed_churn, require_both_outcomes
from joren.science.errors import DidNotConverge
from joren.science.maximum import Maximum, Objective, maximise

NAMES = ("alpha", "beta", "c")
STARTS = ((1.5, 1.0), (5.0, 1.5), (0.5, 0.7), (20.0, 1.0))  # alpha + beta, and c
LOG_BOUND = np.log(BOUND)
NEAR = 8.5  # in logarithms: how far a parameter may run before it is pulled back
PULL = 1e-2


@dataclass(frozen=True, eq=False)
class Fitted(Retention):
    """The model at known parameters; alpha / (alpha + beta) are lost at the first renewal."""

    names: ClassVar[tuple[str, ...]] = NAMES
    alpha: float
    beta: float
    c: float

    def _log_left(self, tenure: Floats, more: Floats) -> Floats:
        way = _Way(tenure, tenure + more, self.c)
        within = log_step(self.beta + way.done, way.ahead, self.alpha)
        left: Floats = within - self.alpha * way.beyond
        return left

    def _renewals(self, size: int, rng: np.random.Generator) -> Floats:
        lost = rng.beta(self.alpha, self.beta, size)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            powers = -rng.exponential(size=size) / np.log1p(-lost)
            made = np.floor(np.power(powers, 1 / self.c))
        return np.where(lost > 0, made, np.inf)


class _Way:
    """t^c at both ends of a way from t to u, and between them, without overflow.

    Beyond BOUND a share of renewals depends on the ratio of the ends alone: what is cut off there
    is `beyond`, in logarithms, and costs alpha each.
    """

    def __init__(self, t: Floats, u: Floats, c: float) -> None:
        with np.errstate(divide="ignore"):
            self.log_t, self.log_u = np.log(t), np.log(u)
        low, high = c * self.log_t, c * self.log_u
        self.low_cut, self.high_cut = low > LOG_BOUND, high > LOG_BOUND
        self.beyond = np.maximum(high - LOG_BOUND, 0.0) - np.maximum(low - LOG_BOUND, 0.0)
        low, high = np.minimum(low, LOG_BOUND), np.minimum(high, LOG_BOUND)
        self.done, self.end = np.exp(low), np.exp(high)
        with np.errstate(invalid="ignore"):
            between = np.where(low == high, 0.0, low - high)
        self.ahead = self.end * -np.expm1(between)

    def by_c(self) -> tuple[Floats, Floats, Floats]:
        """The slopes in c of `done`, of `ahead` and of `beyond`."""
        log_t, log_u = (np.where(np.isfinite(x), x, 0.0) for x in (self.log_t, self.log_u))
        low, high = np.where(self.low_cut, 0.0, log_t), np.where(self.high_cut, 0.0, log_u)
        done = self.done * low
        return done, self.ahead * high + self.done * (high - low), log_u - high - (log_t - low)


def given(*, alpha: float, beta: float, c: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(alpha, beta, c)


def fit(contracts: Contracts) -> Fitted:
    """Maximise the likelihood over log parameters, so that all stay positive.

    Where contracts end all at once after a while (a minimum term), beta and c run off together
    along a bent ridge; they are then held within e^NEAR of the starts and named as undetermined.
    """
    require_both_outcomes(contracts)
    churn = observed_churn(contracts)
    starts = [np.log([churn * sure, (1 - churn) * sure, c]) for sure, c in STARTS]
    objective, n = objective_on(contracts), contracts.n
    try:
        found = maximise(objective, starts, names=NAMES, customers=n)
    except DidNotConverge:
        centre = np.mean(starts, axis=0)
        found = maximise(_held_near(objective, centre), starts, names=NAMES, customers=n)
        found = _without_those_held(found, centre, true=objective(found.point)[0])
    return Fitted(*named_values(found), evidence=evidence_of(found, n))


def _held_near(objective: Objective, centre: Floats) -> Objective:
    """Pulled back beyond NEAR, smoothly, and hard enough to stop before the numbers end."""

    def held(point: Floats) -> tuple[float, Floats]:
        value, slope = objective(point)
        beyond = point - centre - np.clip(point - centre, -NEAR, NEAR)
        return value - PULL * float(beyond @ beyond) / 2, slope - PULL * beyond

    return held


def _without_those_held(found: Maximum, centre: Floats, *, true: float) -> Maximum:
    """The maximum with the likelihood itself, and without errors of what was only held."""
    lost = np.abs(found.point - centre) > NEAR
    covariance = np.where(lost | lost[:, None], np.nan, found.covariance)
    names = {name for name, gone in zip(NAMES, lost, strict=True) if gone}
    names |= set(found.certificate.undetermined)
    told = replace(found.certificate, undetermined=tuple(n for n in NAMES if n in names))
    return replace(found, value=true, covariance=covariance, certificate=told)


def log_likelihood(params: Mapping[str, float], contracts: Contracts) -> Floats:
    """Of what was seen at each renewal number, all its contracts together."""
    log_rate = given(**params)._log_left(contracts.period - 1, np.ones(len(contracts)))
    return contracts.renewed * log_rate + contracts.lost * _log_of_rest(log_rate)


def objective_on(contracts: Contracts) -> Objective:
    """The mean log-likelihood of a contract and its gradient, in log parameters."""
    renewed, lost = contracts.renewed / contracts.n, contracts.lost / contracts.n
    period = contracts.period

    def objective(point: Floats) -> tuple[float, Floats]:
        alpha, beta, c = parameters = np.exp(point)
        way = _Way(period - 1, period, c)
        done_c, ahead_c, beyond_c = way.by_c()
        found = step(beta + way.done, way.ahead, alpha)
        log_rate = np.minimum(found.log - alpha * way.beyond, -np.finfo(np.float64).tiny)
        value = float(renewed @ log_rate + lost @ _log_of_rest(log_rate))
        with np.errstate(over="ignore"):
            pull = renewed - lost / np.expm1(-log_rate)
        slope = np.array(
            [
                pull @ (found.by_g - way.beyond),
                pull @ found.by_z,
                pull @ (found.by_z * done_c + found.by_d * ahead_c - alpha * beyond_c),
            ]
        )
        return value, parameters * slope

    return objective


def _log_of_rest(log_rate: Floats) -> Floats:
    """ln(1 - rate) from ln(rate)."""
    near = np.maximum(-np.expm1(log_rate), np.finfo(np.float64).tiny)
    return np.where(log_rate > -0.5, np.log(near), np.log1p(-np.exp(log_rate)))
