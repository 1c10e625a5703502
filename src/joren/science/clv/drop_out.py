"""What the models share in which customers may leave with a purchase (BG/NBD and its relatives).

Purchases come at a rate ~ Gamma(r, rate alpha), and with each one the customer leaves for good with
a probability ~ Beta(a, b). Two switches make the family: `k`, how many of the events that come at
that rate make one purchase (1: at random; more: regularly), and `at_once`, whether a customer may
leave with the very first purchase too (MBG) or only with a repeat (BG).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, gammaln, psi

from joren.science.arrays import Floats, Levels, Number, inner, levels
from joren.science.clv.futures import Future
from joren.science.clv.gammas import log_beta_ratio, log_rising
from joren.science.clv.summary import Summary, ages
from joren.science.clv.until_drop_out import purchases_until_drop_out
from joren.science.maximum import Objective


@dataclass(frozen=True, eq=False)
class Leaving(Future):
    """Of those still there: rate ~ Gamma(s, rate alpha), leaving with chance ~ Beta(a, c)."""

    s: Floats
    alpha: Floats
    a: Number
    c: Floats

    def expected(self, t: Floats) -> Floats:
        return purchases_until_drop_out(self.a, self.c, self.s, t / self.alpha)

    def exactly(self, n: Floats, t: Floats) -> Floats:
        """Fader, Hardie & Lee (2005), eq. 8: n purchases and still there, or gone with the n-th."""
        z = t / self.alpha
        last = np.maximum(n, 1.0)
        log_stay = log_beta_ratio(self.a, self.c, n)
        with np.errstate(divide="ignore"):
            log_left = log_beta_ratio(self.a, self.c, last - 1) + np.log(
                self.a / (self.a + self.c + last - 1)
            )
        stayed: Floats = np.exp(log_stay + log_count(n, self.s, z))
        left = np.exp(log_left) * betainc(last, self.s, z / (1 + z))
        return stayed + np.where(n > 0, left, 0.0)

    def order_by(self, t: Floats) -> Floats:
        chance: Floats = -np.expm1(-self.s * np.log1p(t / self.alpha))
        return chance

    def order_ever(self) -> Floats:
        return np.ones(np.broadcast_shapes(self.s.shape, self.alpha.shape))

    def wait(self, share: Floats) -> Floats:
        return lomax_quantile(share, self.s, self.alpha)


def lomax_quantile(share: Number, s: Floats, alpha: Floats) -> Floats:
    """The time within which a share of first events at rates ~ Gamma(s, rate alpha) has come."""
    with np.errstate(over="ignore"):  # of the slowest, in a time beyond all numbers
        wait: Floats = alpha * np.expm1(-np.log1p(-share) / s)
    return wait


def log_count(n: Floats, s: Number, z: Floats) -> Floats:
    """ln of the chance of n events within z times the scale: negative binomial."""
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.where(n > 0, -n * np.log1p(1 / z), 0.0)
    chance: Floats = log_rising(s, n) - gammaln(n + 1) - s * np.log1p(z) + powers
    return chance


class Pasts:
    """Rows laid out so that what depends on x, T or t_x alone is computed once per level.

    With `apart`, each row is a level of its own, so that alpha, a and b may differ by row.
    """

    def __init__(
        self, summary: Summary, *, k: int = 1, at_once: bool = False, apart: bool = False
    ) -> None:
        sort = _apart if apart else levels
        self.k = k
        self.x, self.T, self.t_x = sort(summary.frequency), sort(summary.T), sort(summary.recency)
        self.events = k * self.x.values
        self.stays = self.x.values + at_once
        self.may_be_gone = self.stays > 0
        self.silent = summary.T - summary.recency
        self.density = _density_of_gaps(summary, k)

    def log_likelihood(self, r: float, alpha: Number, a: Number, b: Number) -> Floats:
        """Of each row's past (up to a factor that no parameter and no k changes)."""
        of_x = log_rising(r, self.events) + log_beta_ratio(a, b, self.stays)
        of_x = of_x - self.events * np.log(alpha)
        silence = self.T.spread(np.log1p(self.T.values / alpha))
        rows = self.x.spread(of_x) - self.x.spread(r + self.events) * silence + self.density
        return rows + np.logaddexp(self._log_here(r, alpha), self._log_gone(r, alpha, a, b))

    def log_odds_gone(self, r: float, alpha: Number, a: Number, b: Number) -> Floats:
        """ln of P(gone) / P(still there), given the past; minus infinity where certainly there."""
        return self._log_gone(r, alpha, a, b) - self._log_here(r, alpha)

    def _log_gone(self, r: float, alpha: Number, a: Number, b: Number) -> Floats:
        """ln of what being gone weighs against being there without any event since t_x."""
        odds = self.x.spread(self.offset(a, b))
        return odds + self.x.spread(r + self.events) * self.shrink(alpha)

    def _log_here(self, r: float, alpha: Number) -> Floats | float:
        """ln of what being there weighs: with 0, 1 ... k - 1 events since t_x."""
        return 0.0 if self.k == 1 else np.log(sum(self.phases(r, alpha)))

    def phases(self, r: float, alpha: Number) -> list[Floats]:
        """The weights of 0, 1 ... k - 1 events since the last purchase, row by row."""
        s, end = self.x.spread(r + self.events), self.T.spread(alpha + self.T.values)
        return phases(s, self.silent / end, self.k)

    def shrink(self, alpha: Number) -> Floats:
        """ln((alpha + T) / (alpha + t_x)), row by row."""
        shrink: Floats = np.log1p(self.silent / self.t_x.spread(alpha + self.t_x.values))
        return shrink

    def offset(self, a: Number, b: Number) -> Floats:
        """ln of the odds of having left with the last purchase, before the silence is known."""
        before = np.where(self.may_be_gone, b + self.stays - 1.0, 1.0)
        return np.where(self.may_be_gone, np.log(a / before), -np.inf)


class MeanLikelihood:
    """The mean log-likelihood of a customer, and its slopes in the logarithms of the parameters.

    The slopes in alpha, a and b are parts whose sum over everything is the slope; where the rows
    are `apart`, each part has one element per row, for what varies over customers to be fitted.
    """

    def __init__(self, pasts: Pasts, heads: Floats) -> None:
        self.pasts, self.heads = pasts, heads
        self.by_x, self.by_T = pasts.x.gather(heads), pasts.T.gather(heads)
        events = heads * pasts.x.spread(pasts.events)
        self.events_by_T, self.events_by_x = pasts.T.gather(events), self.by_x * pasts.events
        self.constant = float(np.sum(heads * pasts.density))

    def __call__(
        self, r: float, alpha: Number, a: Number, b: Number
    ) -> tuple[float, tuple[float, list[Floats], list[Floats], list[Floats]]]:
        rows, events, stays = self.pasts, self.pasts.events, self.pasts.stays
        shrink, silence = rows.shrink(alpha), np.log1p(rows.T.values / alpha)
        odds = rows.x.spread(rows.offset(a, b)) + rows.x.spread(r + events) * shrink
        here, here_r, here_w = self._here(r, alpha)
        odds -= here
        # One exponential serves ln(1 + odds) and odds / (1 + odds); it cannot overflow.
        less = np.exp(-np.abs(odds))
        exposed = r * self.by_T + self.events_by_T
        value = (
            inner(self.by_x, log_rising(r, events) + log_beta_ratio(a, b, stays))
            - np.sum(self.events_by_x * np.log(alpha))
            - inner(exposed, silence)
            + inner(self.heads, here + np.maximum(odds, 0.0) + np.log1p(less))
            + self.constant
        )
        gone = self.heads * np.where(odds > 0, 1.0, less) / (1.0 + less)
        stay = self.heads - gone
        slope_r = (
            inner(self.by_x, psi(r + events) - psi(r))
            - inner(self.by_T, silence)
            + inner(gone, shrink)
            + np.sum(stay * here_r)
        )
        gone_s = gone * rows.x.spread(r + events)
        end, start = alpha + rows.T.values, alpha + rows.t_x.values
        # Written so that x/alpha and (r + x)/(alpha + T) never cancel.
        alphas = [
            exposed * rows.T.values / end + alpha * rows.T.gather(gone_s) / end,
            -self.events_by_x,
            -alpha * rows.t_x.gather(gone_s) / start,
            -rows.T.gather(stay * here_w) * alpha / end,
        ]
        gone_by_x = rows.x.gather(gone)
        both = psi(a + b) - psi(a + b + stays)
        before = np.where(rows.may_be_gone, b + stays - 1.0, np.inf)
        of_b = self.by_x * (both + psi(b + stays) - psi(b)) - gone_by_x / before
        return float(value), (
            float(r * slope_r),
            alphas,
            [a * self.by_x * both + gone_by_x],
            [b * of_b],
        )

    def _here(self, r: float, alpha: Number) -> tuple[Floats | float, ...]:
        """ln of the weight of being there, and its slopes in r and in ln w."""
        rows = self.pasts
        if rows.k == 1:
            return 0.0, 0.0, 0.0
        weights, s = rows.phases(r, alpha), rows.x.spread(r + rows.events)
        total, of_r, of_w, risen = np.ones_like(s), *np.zeros((3, s.size))
        for j in range(1, rows.k):
            risen = risen + 1 / (s + j - 1)
            total, of_r, of_w = (
                total + weights[j],
                of_r + weights[j] * risen,
                of_w + weights[j] * j,
            )
        return np.log(total), of_r / total, of_w / total


def objective_on(summary: Summary, *, k: int = 1, at_once: bool = False) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log r, alpha, a and b."""
    mean = MeanLikelihood(Pasts(summary, k=k, at_once=at_once), summary.weights / summary.n)

    def objective(point: Floats) -> tuple[float, Floats]:
        value, (of_r, *parts) = mean(*np.exp(point).tolist())
        return value, np.array([of_r, *(sum(map(np.sum, some)) for some in parts)])

    return objective


def starts_on(summary: Summary, *, k: int = 1) -> list[Floats]:
    """Around the observed mean rate, so that they follow the unit of time.

    Where customers are of two kinds there are two maxima, all leaving alike (large b) and some with
    their first purchase and the others never (a, b near 0), so the first starts lie in both.
    """
    rate = k * float(np.average(summary.frequency, weights=summary.weights)) / summary.unit
    return [
        np.log([r, r / (lift * rate), a, b])
        for r, lift, a, b in (
            (0.5, 2.0, 0.7, 2.5),
            (1.0, 1.5, 0.002, 0.01),
            (1.0, 1.5, 0.05, 0.15),
            (1.5, 1.3, 1.0, 5.0),
            (0.2, 3.0, 0.3, 1.0),
            (4.0, 1.0, 0.2, 4.0),
        )
    ]


def simulated(
    T: ArrayLike,
    rng: np.random.Generator,
    parameters: tuple[float, float, float, float],
    *,
    k: int = 1,
    at_once: bool = False,
) -> Summary:
    """New customers, one per T, as their summary at T."""
    r, alpha, a, b = parameters
    age = ages(T)
    rate, leave = rng.gamma(r, 1 / alpha, age.size), rng.beta(a, b, age.size)
    x, t_x, now = np.zeros(age.size), np.zeros(age.size), np.zeros(age.size)
    here = rate > 0
    if at_once:
        here &= rng.random(age.size) >= leave
    left = np.flatnonzero(here)
    while left.size:
        now[left] += rng.standard_gamma(k, left.size) / rate[left]
        left = left[now[left] <= age[left]]
        x[left] += 1
        t_x[left] = now[left]
        left = left[rng.random(left.size) >= leave[left]]
    return Summary(x, t_x, age)


def phases(s: Floats, w: Floats, k: int) -> list[Floats]:
    """What 0, 1 ... k - 1 events weigh against none, in a silence of w = time / (alpha + T)."""
    weights = [np.ones_like(w)]
    for j in range(1, k):
        weights.append(weights[-1] * ((s + j - 1) / j) * w)
    return weights


def _apart(values: Floats) -> Levels:
    return Levels(values, np.arange(values.size))


def _density_of_gaps(summary: Summary, k: int) -> Floats | float:
    """What k changes in the density of t_x, beyond the number of events that it stands for.

    Of x purchases the last at t_x, the times between are spread evenly for k = 1; for k > 1 the
    time t_x is that of the event number k x. Likelihoods of different k can be compared by it.
    """
    if k == 1:
        return 0.0
    some = summary.frequency > 0
    x, t_x = np.where(some, summary.frequency, 1.0), np.where(some, summary.recency, 1.0)
    return np.where(some, (k - 1) * x * np.log(t_x) - log_rising(x, (k - 1) * x), 0.0)
