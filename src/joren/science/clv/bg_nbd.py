"""BG/NBD: buying at one's own steady rate, perhaps dropping out after any purchase.

Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD
Model, Marketing Science 24(2), 275-284. Rates vary over customers as Gamma(r, rate alpha), drop-out
probabilities as Beta(a, b). Worked derivations: Fader & Hardie, note 039 (brucehardie.com).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaln, expit, gammaln, psi

from joren.core.errors import BadInput
from joren.science.arrays import Floats, levels
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.summary import Summary
from joren.science.clv.until_drop_out import purchases_until_drop_out
from joren.science.maximum import Objective

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True, eq=False)
class Fitted(Estimate):
    """The model at known parameters; `alpha` is in the summary's unit of time."""

    names: ClassVar[tuple[str, ...]] = NAMES
    r: float
    alpha: float
    a: float
    b: float

    def probability_alive(self, summary: Summary) -> Floats:
        """That a customer has not dropped out by T (note 021); 1 for those without a repeat."""
        rows = _Rows(summary)
        return expit(-rows.log_odds_gone(np.array([self.r, self.alpha, self.a, self.b])))

    def expected_purchases(self, t: ArrayLike) -> Floats:
        """Repeat purchases of a new customer within t (eq. 9)."""
        time = _times(t)
        return purchases_until_drop_out(
            self.a, np.array(self.b), np.array(self.r), time / self.alpha
        )

    def conditional_expected_purchases(self, summary: Summary, t: ArrayLike) -> Floats:
        """Purchases in the next t, given the past (eq. 10); t for all, or one per row."""
        return self.probability_alive(summary) * self._purchases_if_alive(summary, _times(t))

    def probability_of_purchases(self, n: ArrayLike, t: float) -> Floats:
        """That a new customer repeats exactly n times within t (eq. 8)."""
        x = np.asarray(n, dtype=np.float64)
        share = t / (self.alpha + t)
        chances = (
            gammaln(self.r + x)
            - gammaln(self.r)
            - gammaln(x + 1)
            - self.r * np.log1p(t / self.alpha)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            powers = np.where(x > 0, x * np.log(share), 0.0)
        stayed = np.exp(betaln(self.a, self.b + x) - betaln(self.a, self.b) + chances + powers)
        last = np.maximum(x, 1.0)  # the drop-out came with the purchase number x, for x >= 1
        left = np.exp(betaln(self.a + 1, self.b + last - 1) - betaln(self.a, self.b))
        chance: Floats = stayed + np.where(x > 0, left * betainc(last, self.r, share), 0.0)
        return chance

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary at T."""
        age = np.asarray(T, dtype=np.float64)
        rate = rng.gamma(self.r, 1 / self.alpha, age.size)
        drop = rng.beta(self.a, self.b, age.size)
        x, t_x, now = np.zeros(age.size), np.zeros(age.size), np.zeros(age.size)
        alive = np.flatnonzero(rate > 0)
        while alive.size:
            now[alive] += rng.exponential(size=alive.size) / rate[alive]
            alive = alive[now[alive] <= age[alive]]
            x[alive] += 1
            t_x[alive] = now[alive]
            alive = alive[rng.random(alive.size) >= drop[alive]]
        return Summary(x, t_x, age)

    def _purchases_if_alive(self, summary: Summary, t: Floats) -> Floats:
        """Given that they are alive at T: depends on (x, T) alone, not on recency."""
        x, age = levels(summary.frequency), levels(summary.T)
        if t.ndim or x.values.size * age.values.size > len(summary):
            return self._ahead(summary.frequency, summary.T, t)
        table = self._ahead(x.values[:, None], age.values[None, :], t)
        return table[x.index, age.index]

    def _ahead(self, x: Floats, T: Floats, t: Floats) -> Floats:
        return purchases_until_drop_out(self.a, self.b + x, self.r + x, t / (self.alpha + T))


def given(*, r: float, alpha: float, a: float, b: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(float(r), float(alpha), float(a), float(b))


def fit(summary: Summary) -> Fitted:
    """Maximise the likelihood over log parameters, so that all stay positive."""
    require_repeats(summary)
    values, evidence = best_on(summary.compressed(), objective_on, _starts(summary), names=NAMES)
    return Fitted(*values, evidence=evidence)


def log_likelihood(params: Mapping[str, float], summary: Summary) -> Floats:
    """Of each row's past (eq. 6, in logarithms); rows are not multiplied by their weight."""
    return _Rows(summary).log_likelihood(np.array([params[name] for name in NAMES]))


class _Rows:
    """A summary laid out so that what depends on x, T or t_x alone is computed once per level."""

    def __init__(self, summary: Summary) -> None:
        self.x = levels(summary.frequency)
        self.T = levels(summary.T)
        self.t_x = levels(summary.recency)
        self.again = self.x.values > 0
        self.before = np.maximum(self.x.values - 1.0, 0.0)

    def log_likelihood(self, point: Floats) -> Floats:
        r, alpha, a, b = point
        x = self.x.values
        of_x = gammaln(r + x) - gammaln(r) + betaln(a, b + x) - betaln(a, b)
        silence = np.log1p(self.T.values / alpha)
        rows = self.x.spread(of_x - x * log(alpha)) - self.x.spread(r + x) * self.T.spread(silence)
        return rows + np.logaddexp(0.0, self.log_odds_gone(point))

    def log_odds_gone(self, point: Floats) -> Floats:
        """ln of P(dropped out) / P(alive), given the past; minus infinity without a repeat."""
        r, alpha, a, b = point
        return self.x.spread(self._offset(a, b)) + self.x.spread(r + self.x.values) * self.shrink(
            alpha
        )

    def shrink(self, alpha: float) -> Floats:
        """ln((alpha + T) / (alpha + t_x))."""
        since = self.T.spread(np.log1p(self.T.values / alpha))
        since -= self.t_x.spread(np.log1p(self.t_x.values / alpha))
        return since

    def _offset(self, a: float, b: float) -> Floats:
        return np.where(self.again, log(a) - np.log(b + self.before), -np.inf)


def objective_on(summary: Summary) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log parameters."""
    rows, heads = _Rows(summary), summary.weights / summary.n
    by_x, by_T = rows.x.gather(heads), rows.T.gather(heads)
    x, T, t_x = rows.x.values, rows.T.values, rows.t_x.values
    heads_x = heads * summary.frequency
    by_T_of_x = rows.T.gather(heads_x)
    buys = float(heads_x.sum())

    def objective(point: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = parameters = np.exp(point)
        shrink = rows.shrink(alpha)
        odds = rows.x.spread(rows._offset(a, b))
        odds += rows.x.spread(r + x) * shrink
        silence = np.log1p(T / alpha)
        # One exponential serves ln(1 + odds) and odds / (1 + odds); it cannot overflow.
        less = np.exp(-np.abs(odds))
        value = float(
            by_x @ (gammaln(r + x) - gammaln(r) + betaln(a, b + x) - betaln(a, b))
            - buys * log(alpha)
            - (r * by_T + by_T_of_x) @ silence
            + heads @ (np.maximum(odds, 0.0) + np.log1p(less))
        )
        gone = heads * np.where(odds > 0, 1.0, less) / (1.0 + less)
        gone_by_x = rows.x.gather(gone)
        gone_x = gone * rows.x.spread(r + x)
        # d/d alpha of the silences, written so that x/alpha and (r + x)/(alpha + T) never cancel.
        d_alpha = float(
            (r * by_T + by_T_of_x) @ (T / (alpha * (alpha + T)))
            - buys / alpha
            + rows.T.gather(gone_x) @ (1 / (alpha + T))
            - rows.t_x.gather(gone_x) @ (1 / (alpha + t_x))
        )
        total = psi(a + b) - psi(a + b + x)
        slope = np.array(
            [
                by_x @ (psi(r + x) - psi(r)) - by_T @ silence + gone @ shrink,
                d_alpha,
                by_x @ total + gone_by_x.sum() / a,
                by_x @ (total + psi(b + x) - psi(b))
                - gone_by_x @ np.where(rows.again, 1 / (b + rows.before), 0.0),
            ]
        )
        return value, parameters * slope

    return objective


def _starts(summary: Summary) -> list[Floats]:
    """Around the observed mean rate, so that they follow the unit of time."""
    rate = float(np.average(summary.frequency, weights=summary.weights)) / summary.unit
    return [
        np.log([r, r / (lift * rate), a, b])
        for r, lift, a, b in (
            (0.5, 2.0, 0.7, 2.5),
            (1.5, 1.3, 1.0, 5.0),
            (0.2, 3.0, 0.3, 1.0),
            (4.0, 1.0, 0.2, 4.0),
        )
    ]


def _times(t: ArrayLike) -> Floats:
    time = np.asarray(t, dtype=np.float64)
    if not (np.isfinite(time).all() and (time >= 0).all()):
        raise BadInput("t has to be a finite time of 0 or more", hint="in the summary's unit")
    return time
