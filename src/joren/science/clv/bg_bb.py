"""BG/BB: buying or not at each of a series of opportunities, and perhaps leaving between them.

Fader, Hardie & Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual Setting,
Marketing Science 29(6), 1086-1108. A customer buys at an opportunity with their own chance p ~
Beta(alpha, beta), and leaves for good before each one with their own chance theta ~ Beta(gamma,
delta).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from joren.science.arrays import Floats, refuse_rows
from joren.science.clv.beta_steps import log_step, rise
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.opportunities import Turns
from joren.science.clv.summary import Summary, ages
from joren.science.maximum import Objective

NAMES = ("alpha", "beta", "gamma", "delta")


@dataclass(frozen=True, eq=False)
class Fitted(Estimate, Forecasts):
    """The model at known parameters; every time is a whole number of opportunities.

    In the summary, T is the number of opportunities since the first purchase, `frequency` how many
    of them were taken, `recency` the number of the last one taken. `probability_alive` is that of
    being there at the next opportunity, the one after T.
    """

    names: ClassVar[tuple[str, ...]] = NAMES
    in_opportunities: ClassVar[bool] = True
    alpha: float
    beta: float
    gamma: float
    delta: float

    def det(self, summary: Summary, horizon: float, rate: float) -> Floats:
        """Discounted expected purchases at the next `horizon` opportunities, given the past.

        `rate` is per opportunity: a purchase at the h-th to come counts (1 + rate)^-h (eq. 14).
        """
        return super().det(summary, horizon, rate)

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary after T opportunities."""
        age = np.floor(ages(T))
        buy, leave = (
            rng.beta(one, other, age.size)
            for one, other in ((self.alpha, self.beta), (self.gamma, self.delta))
        )
        x, t_x = np.zeros(age.size), np.zeros(age.size)
        here = np.ones(age.size, dtype=np.bool_)
        for i in range(1, int(age.max(initial=0)) + 1):
            here &= (age >= i) & (rng.random(age.size) >= leave)
            bought = here & (rng.random(age.size) < buy)
            x[bought] += 1
            t_x[bought] = i
        return Summary(x, t_x, age)

    def _log_odds_gone(self, summary: Summary) -> Floats:
        return _Rows(summary).log_odds_gone(self.alpha, self.beta, self.gamma, self.delta)

    def _if_here(self, past: Past) -> Turns:
        missed = np.maximum(past.T - past.x, 0.0)  # pairs that no customer has are not read
        return Turns(self.alpha + past.x, self.beta + missed, self.gamma, self.delta + past.T + 1)


def given(*, alpha: float, beta: float, gamma: float, delta: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(alpha, beta, gamma, delta)


def fit(summary: Summary) -> Fitted:
    """Maximise the likelihood over log parameters, so that all stay positive."""
    require_repeats(summary)
    values, evidence = best_on(summary.compressed(), objective_on, _starts(summary), names=NAMES)
    return Fitted(*values, evidence=evidence)


def log_likelihood(params: Mapping[str, float], summary: Summary) -> Floats:
    """Of each row's past (eq. 6, in logarithms); rows are not multiplied by their weight.

    Of one history; those with equal numbers are not counted together.
    """
    rows = _Rows(summary)
    alpha, beta, gamma, delta = (params[name] for name in NAMES)
    walked = rows.walk(alpha, beta, gamma, delta)
    return rows.as_they_came(rows.log_likelihood((alpha, beta, gamma, delta), *walked))


@dataclass(frozen=True)
class _Walk:
    """Where a walk through the silent opportunities has led, at known parameters.

    R_i is how likely i missed opportunities after t_x are, having left after them, against having
    left at once. `gone` is the sum of R_0 ... R_(m-1), `last` is R_m.
    """

    parameters: tuple[float, float, float, float]
    gone: Floats
    last: Floats
    gone_slopes: Floats
    last_slopes: Floats


class _Rows:
    """Rows ordered by the length of their silence, the longest first, so that walks get shorter."""

    def __init__(self, summary: Summary) -> None:
        _refuse_no_turns(summary)
        silence = summary.T - summary.recency
        self.order = np.argsort(-silence, kind="stable")
        self.x, self.t_x, self.n = (
            column[self.order] for column in (summary.frequency, summary.recency, summary.T)
        )
        self.silence = silence[self.order]
        self.missed = self.t_x - self.x
        longest = int(self.silence[0]) if len(summary) else 0
        self.walking = np.searchsorted(-self.silence, -np.arange(longest, dtype=np.float64))

    def as_they_came(self, values: Floats) -> Floats:
        back = np.empty_like(values)
        back[self.order] = values
        return back

    def walk(self, alpha: float, beta: float, gamma: float, delta: float) -> tuple[Floats, Floats]:
        """The sum of R_0 ... R_(m-1), and R_m."""
        gone, last = np.zeros(self.x.size), np.ones(self.x.size)
        buys, b, d = alpha + self.x, beta + self.missed, delta + self.t_x
        for i, some in enumerate(self.walking):
            gone[:some] += last[:some]
            stays = (d[:some] + i) / (gamma + d[:some] + i + 1)
            last[:some] *= (b[:some] + i) / (buys[:some] + b[:some] + i) * stays
        return gone, last

    def walk_with_slopes(self, alpha: float, beta: float, gamma: float, delta: float) -> _Walk:
        """The same with the slopes of the sum, and of ln R_m, in the four parameters."""
        size = self.x.size
        gone, last = np.zeros(size), np.ones(size)
        gone_slopes, slopes = np.zeros((4, size)), np.zeros((4, size))
        buys, b, d = alpha + self.x, beta + self.missed, delta + self.t_x
        for i, some in enumerate(self.walking):
            gone[:some] += last[:some]
            gone_slopes[:, :some] += last[:some] * slopes[:, :some]
            miss, turn = b[:some] + i, buys[:some] + b[:some] + i
            stay, fate = d[:some] + i, gamma + d[:some] + i + 1
            last[:some] *= miss / turn * (stay / fate)
            slopes[0, :some] -= 1 / turn
            slopes[1, :some] += buys[:some] / miss / turn
            slopes[2, :some] -= 1 / fate
            slopes[3, :some] += (gamma + 1) / stay / fate
        return _Walk((alpha, beta, gamma, delta), gone, last, gone_slopes, slopes)

    def log_likelihood(
        self, parameters: tuple[float, float, float, float], gone: Floats, last: Floats
    ) -> Floats:
        """By the larger of its two parts, having left or not, so that neither cancels."""
        alpha, beta, gamma, delta = parameters
        here = last * ((gamma + delta + self.n) / gamma)
        bought = log_step(alpha, self.x, beta + self.missed) + log_step(beta, self.missed, alpha)
        left = bought + log_step(delta, self.t_x, gamma) - np.log1p((delta + self.t_x) / gamma)
        missed = self.n - self.x
        stayed = log_step(alpha, self.x, beta + missed) + log_step(beta, missed, alpha)
        stayed += log_step(delta, self.n, gamma)
        alive = here >= gone
        ratio = np.divide(gone, here, out=np.zeros_like(here), where=alive)
        likely: Floats = np.where(
            alive, stayed + np.log1p(ratio), left + np.log(np.where(alive, 1, gone + here))
        )
        return likely

    def slopes(self, walk: _Walk) -> Floats:
        """Of the log-likelihood, in the four parameters."""
        alpha, beta, gamma, delta = walk.parameters
        both, fates = rise(alpha + beta, self.t_x), rise(gamma + delta, self.t_x)
        end = gamma + delta + self.t_x
        left = np.stack(
            [
                rise(alpha, self.x) - both,
                rise(beta, self.missed) - both,
                (delta + self.t_x) / end / gamma - fates,
                rise(delta, self.t_x) - fates - 1 / end,
            ]
        )
        here = walk.last * ((gamma + delta + self.n) / gamma)
        later = walk.gone_slopes + here * walk.last_slopes
        later[2] -= walk.last * ((delta + self.n) / gamma / gamma)
        later[3] += walk.last / gamma
        slopes: Floats = left + later / (walk.gone + here)
        return slopes

    def log_odds_gone(self, alpha: float, beta: float, gamma: float, delta: float) -> Floats:
        """ln of P(not there at the next opportunity) / P(there) (eq. 11)."""
        gone, last = self.walk(alpha, beta, gamma, delta)
        log_last = log_step(beta + self.missed, self.silence, alpha + self.x)
        log_last += log_step(delta + self.t_x, self.silence, gamma + 1)
        odds = np.log(gamma) + np.log(gone + last) - log_last - np.log(delta + self.n)
        return self.as_they_came(odds)


def objective_on(summary: Summary) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log parameters."""
    rows = _Rows(summary)
    heads = summary.weights[rows.order] / summary.n

    def objective(point: Floats) -> tuple[float, Floats]:
        parameters = np.exp(point)
        walk = rows.walk_with_slopes(*parameters.tolist())
        value = float(rows.log_likelihood(walk.parameters, walk.gone, walk.last) @ heads)
        return value, parameters * (rows.slopes(walk) @ heads)

    return objective


def _starts(summary: Summary) -> list[Floats]:
    taken = float(np.average(summary.frequency, weights=summary.weights)) / summary.unit
    return [
        np.log([sure * share, sure * (1 - share), gamma, delta])
        for sure, lift, gamma, delta in (
            (2.0, 1.5, 0.7, 3.0),
            (1.0, 1.1, 0.5, 10.0),
            (5.0, 2.0, 1.0, 3.0),
            (0.5, 1.2, 0.2, 1.0),
        )
        for share in (min(lift * taken, (1 + taken) / 2),)
    ]


def _refuse_no_turns(summary: Summary) -> None:
    for name in ("recency", "T"):
        values = getattr(summary, name)
        refuse_rows(values != np.floor(values), f"{name} is no number of opportunities", values)
    wrong = summary.frequency > summary.recency
    refuse_rows(wrong, "more purchases than opportunities up to the last", summary.frequency)
