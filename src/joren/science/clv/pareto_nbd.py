"""Pareto/NBD: buying at one's own steady rate until leaving unseen, at any time.

Schmittlein, Morrison & Colombo (1987), Counting Your Customers: Who Are They and What Will They Do
Next? Management Science 33(1), 1-24; the likelihood's derivation: Fader & Hardie (2005), note 009;
discounted value: Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42(4).
Over customers, rates of buying vary as Gamma(r, rate alpha), of leaving as Gamma(s, rate beta).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import exprel, psi

from joren.science.arrays import Floats, Number
from joren.science.clv.drop_out import log_count
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.fading import fading, log_fading, log_fading_with
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.futures import Future
from joren.science.clv.gammas import log_rising
from joren.science.clv.summary import Summary, ages
from joren.science.maximum import Objective

NAMES = ("r", "alpha", "s", "beta")
ROUGH = 1_536  # rows on which the several starts are tried
CHUNK = 4_096  # rows that are taken at once


@dataclass(frozen=True, eq=False)
class Fading(Future):
    """Of those still there: buying ~ Gamma(r, rate alpha), leaving ~ Gamma(s, rate beta)."""

    r: Floats
    alpha: Floats
    s: Floats
    beta: Floats

    def expected(self, t: Floats) -> Floats:
        """Their rate, times the expected time within t that they are still there."""
        span = np.log1p(t / self.beta)
        stay = self.beta * span * exprel((1 - self.s) * span)
        expected: Floats = self.r / self.alpha * stay
        return expected

    def exactly(self, n: Floats, t: Floats) -> Floats:
        stayed = log_count(n, self.r, t / self.alpha) - self.s * np.log1p(t / self.beta)
        left = np.log(self.s) + log_fading_with(self.r, self.alpha, self.s, self.beta, t, n)
        ways = log_rising(self.r, n) - log_rising(1.0, n) + left
        chance: Floats = np.exp(stayed) + np.exp(ways)
        return chance

    def order_by(self, t: Floats) -> Floats:
        return self.r * np.exp(log_fading_with(self.s, self.beta, self.r, self.alpha, t))

    def order_ever(self) -> Floats:
        return self.order_by(np.asarray(np.inf))

    def discounted(self, horizon: float, rate: float) -> Floats:
        """The time they stay does not hang on x: discounted for one purchase per unit of time."""
        one = np.ones(1).reshape((1,) * self.beta.ndim)
        stay = super(Fading, Fading(one, one, self.s, self.beta)).discounted(horizon, rate)
        expected: Floats = self.r / self.alpha * stay
        return expected


@dataclass(frozen=True, eq=False)
class Fitted(Estimate, Forecasts):
    """The model at known parameters; `alpha` and `beta` are in the summary's unit of time."""

    names: ClassVar[tuple[str, ...]] = NAMES
    _costly: ClassVar[bool] = True
    r: float
    alpha: float
    s: float
    beta: float

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary at T."""
        age = ages(T)
        rate = rng.gamma(self.r, 1 / self.alpha, age.size)
        leave = rng.gamma(self.s, 1 / self.beta, age.size)
        with np.errstate(divide="ignore", over="ignore"):
            stay = np.minimum(rng.standard_exponential(age.size) / leave, age)
        x = rng.poisson(rate * stay).astype(np.float64)
        # Given their number, purchases are spread evenly; the last of x is their maximum.
        t_x = np.where(x > 0, stay * rng.random(age.size) ** (1 / np.maximum(x, 1.0)), 0.0)
        return Summary(x, t_x, age)

    def _log_odds_gone(self, summary: Summary) -> Floats:
        return Pasts(summary).log_odds_gone(self.r, self.alpha, self.s, self.beta)

    def _if_here(self, past: Past) -> Fading:
        return Fading(self.r + past.x, self.alpha + past.T, np.asarray(self.s), self.beta + past.T)


class Pasts:
    """Rows and what their past says; alpha and beta may differ by row."""

    def __init__(self, summary: Summary) -> None:
        self.x, self.T = summary.frequency, summary.T
        self.t_x, self.silent = summary.recency, summary.T - summary.recency

    def log_likelihood(self, r: float, alpha: Number, s: float, beta: Number) -> Floats:
        """Of each row's past (note 009, rearranged so that nothing overflows)."""
        rows: Floats = (
            log_rising(r, self.x)
            - self.x * np.log(alpha)
            - (r + self.x) * np.log1p(self.T / alpha)
            - s * np.log1p(self.T / beta)
            + np.logaddexp(0.0, self.log_odds_gone(r, alpha, s, beta))
        )
        return rows

    def log_odds_gone(self, r: float, alpha: Number, s: float, beta: Number) -> Floats:
        """ln of P(gone) / P(still there), given the past."""
        odds = np.empty(self.x.size)
        for rows in chunks(self.x.size):
            p, A, B = (
                r + self.x[rows],
                at(alpha, rows) + self.t_x[rows],
                at(beta, rows) + self.t_x[rows],
            )
            silent = self.silent[rows]
            inside = log_fading(p, A, np.full_like(p, s), B, silent)
            odds[rows] = inside + np.log(s) + p * np.log1p(silent / A) + s * np.log1p(silent / B)
        return odds


def at(values: Number, rows: slice) -> Number:
    """The rows' part of what may differ by row."""
    return values[rows] if isinstance(values, np.ndarray) else values


def chunks(size: int) -> list[slice]:
    """Slices of the rows."""
    return [slice(begin, begin + CHUNK) for begin in range(0, size, CHUNK)]


def given(*, r: float, alpha: float, s: float, beta: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(r, alpha, s, beta)


def fit(summary: Summary, *, near: Mapping[str, float] | None = None) -> Fitted:
    """Maximise the likelihood over log parameters, so that all stay positive.

    `near`: the parameters of an earlier fit of nearly the same data, which spare the search.
    """
    rows = summary.compressed()
    require_repeats(rows)
    values, evidence = best_on(
        rows, objective_on, starts_on(rows), names=NAMES, near=near, few=ROUGH
    )
    return Fitted(*values, evidence=evidence)


def log_likelihood(params: Mapping[str, float], summary: Summary) -> Floats:
    """Of each row's past, in logarithms; rows are not multiplied by their weight."""
    return Pasts(summary).log_likelihood(*(params[name] for name in NAMES))


class MeanLikelihood:
    """The mean log-likelihood of a customer, and its slopes in the logarithms of the parameters.

    The slopes in alpha and beta are given row by row, for what varies over customers to be fitted.
    """

    def __init__(self, summary: Summary) -> None:
        self.rows, self.heads = Pasts(summary), summary.weights / summary.n

    def __call__(
        self, r: float, alpha: Number, s: float, beta: Number
    ) -> tuple[float, tuple[float, Floats, float, Floats]]:
        parts = [
            self._chunk(rows, r, at(alpha, rows), s, at(beta, rows))
            for rows in chunks(self.heads.size)
        ]
        values, of_r, of_alpha, of_s, of_beta = zip(*parts, strict=True)
        return sum(values), (
            sum(of_r),
            np.concatenate(of_alpha),
            sum(of_s),
            np.concatenate(of_beta),
        )

    def _chunk(
        self, rows: slice, r: float, alpha: Number, s: float, beta: Number
    ) -> tuple[float, float, Floats, float, Floats]:
        heads, x, T = self.heads[rows], self.rows.x[rows], self.rows.T[rows]
        A, B, silent = (
            alpha + self.rows.t_x[rows],
            beta + self.rows.t_x[rows],
            self.rows.silent[rows],
        )
        p, end_a, end_b = r + x, alpha + T, beta + T
        inside = fading(p, A, np.full_like(p, s), B, silent)
        since_a, since_b = np.log1p(silent / A), np.log1p(silent / B)
        silence_a, silence_b = np.log1p(T / alpha), np.log1p(T / beta)
        odds = inside.log + np.log(s) + p * since_a + s * since_b
        both = np.logaddexp(0.0, odds)
        value = heads @ (
            log_rising(r, x) - x * np.log(alpha) - p * silence_a - s * silence_b + both
        )
        gone = heads * np.exp(odds - both)
        of_r = heads @ (psi(p) - psi(r) - silence_a) + gone @ (since_a - inside.log_a)
        of_s = gone @ (1 / s + since_b - inside.log_b) - heads @ silence_b
        # 1/(alpha+T) - 1/(alpha+y), and the like, in units of alpha and beta.
        of_alpha = heads * (p * T / end_a - x) + gone * p * alpha * (1 / end_a - inside.rate_a / A)
        late = beta * inside.rate_b / B
        of_beta = heads * s * T / end_b + gone * (s * (beta / end_b - late) - late)
        return float(value), float(r * of_r), of_alpha, float(s * of_s), of_beta


def objective_on(summary: Summary) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log parameters."""
    mean = MeanLikelihood(summary)

    def objective(point: Floats) -> tuple[float, Floats]:
        value, slopes = mean(*np.exp(point).tolist())
        return value, np.array([np.sum(part) for part in slopes])

    return objective


def starts_on(summary: Summary) -> list[Floats]:
    """Around the observed mean rate, so that they follow the unit of time."""
    rate = float(np.average(summary.frequency, weights=summary.weights)) / summary.unit
    return [
        np.log([r, r / (lift * rate), s, stay * summary.unit])
        for r, lift, s, stay in (
            (0.5, 1.5, 0.6, 0.5),
            (1.5, 1.3, 1.0, 1.0),
            (0.2, 2.0, 0.4, 0.2),
            (4.0, 1.0, 2.0, 4.0),
        )
    ]
