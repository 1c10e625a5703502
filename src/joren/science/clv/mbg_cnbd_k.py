"""MBG/CNBD-k: the MBG/NBD for customers who buy more regularly than by chance.

Platzer & Reutterer (2016), Ticking Away the Moments: Timing Regularity Helps to Better Predict
Customer Activity, Marketing Science 35(5), 779-799; Reutterer, Platzer & Schroeder (2021),
Leveraging Purchase Regularity for Predicting Customer Behavior the Easy Way, International Journal
of Research in Marketing 38(1), 194-215. Every k-th of the events that come at a customer's rate is
a purchase; the rate varies as Gamma(r, rate alpha), the chance to leave as Beta(a, b).

The papers approximate the expected purchases of a known customer. Here they are exact: the events
since the last purchase (0 ... k - 1 of them) are a mixture, each part of which is a sum of chances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, number, refuse_rows, same_length
from joren.science.clv import drop_out
from joren.science.clv.drop_out import Pasts, log_count, simulated, starts_on
from joren.science.clv.estimates import Estimate, best_on, require_repeats
from joren.science.clv.forecasts import Forecasts, Past
from joren.science.clv.futures import Future
from joren.science.clv.gammas import log_beta_ratio
from joren.science.clv.summary import Summary
from joren.science.clv.sums import ENOUGH, sum_from
from joren.science.errors import DidNotConverge
from joren.science.maximum import Objective

NAMES = ("r", "alpha", "a", "b")
CHUNK = 1_024
FIRST = 24  # purchases whose chances are summed one by one
MOST = 8  # the most regular k that is tried: times between purchases vary by 35 % of their mean


@dataclass(frozen=True, eq=False)
class Regular(Future):
    """Of those still there, with 0 ... k - 1 events (and these weights) since their purchase."""

    weights: tuple[Floats, ...]
    s: Floats
    alpha: Floats
    a: float
    c: Floats

    @property
    def k(self) -> int:
        return len(self.weights)

    def expected(self, t: Floats) -> Floats:
        """The sum over n of the chance that an n-th purchase comes, and they stay for it."""
        shape = np.broadcast_shapes(self.s.shape, self.alpha.shape, self.c.shape, t.shape)
        s, z, c, *weights = (
            np.broadcast_to(part, shape).ravel()
            for part in (self.s, t / self.alpha, self.c, *self.weights)
        )
        total = np.empty(s.size)
        # Alike in length, so that short sums do not wait for long ones.
        for rows in np.array_split(np.argsort(s * z), s.size // CHUNK + 1):
            one = Regular(tuple(part[rows] for part in weights), s[rows], c[rows], self.a, c[rows])
            total[rows] = one._sum(z[rows])
        return total.reshape(shape)

    def _sum(self, z: Floats) -> Floats:
        """`expected` of rows in 1-D, in z = t / alpha: one by one at first, then in blocks."""
        n = np.arange(1.0, FIRST + 1)
        events = np.arange(1.0, FIRST * self.k + 1)
        stays = np.exp(log_beta_ratio(self.a, self.c[:, None], n - 1))
        total = np.zeros(z.size)
        for j, share in enumerate(self.weights):
            s = self.s[:, None] + j
            # From the far end, so that only positive parts are added up: tails[m - 1] is of m.
            chances = np.exp(log_count(events - j, s, z[:, None])) * (events > j)
            chances[:, -1] = betainc(events[-1] - j, s[:, 0], z / (1 + z))
            tails = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1][:, self.k - 1 :: self.k]
            total += share * (stays * tails).sum(axis=1)
        more = np.flatnonzero(stays[:, -1] * self._at_least(FIRST, z) > ENOUGH * total)
        if more.size:
            rest = Regular(
                tuple(part[more] for part in self.weights),
                self.s[more],
                self.c[more],
                self.a,
                self.c[more],
            )
            total[more] += rest._tail(z[more])
        return total

    def _tail(self, z: Floats) -> Floats:
        def term(n: float) -> Floats:
            stay: Floats = np.exp(log_beta_ratio(self.a, self.c, n - 1))
            return stay * self._at_least(n, z)

        return sum_from(FIRST + 1, term, ratio=min(1.0, 3.0 / float(np.sqrt(self.s.max()))))

    def exactly(self, n: Floats, t: Floats) -> Floats:
        z = t / self.alpha
        stayed = np.zeros(np.broadcast_shapes(z.shape, n.shape, self.s.shape))
        for j, share in enumerate(self.weights):
            for i in range(self.k):
                events = n * self.k - j + i
                chance = np.exp(log_count(np.maximum(events, 0.0), self.s + j, z))
                stayed = stayed + share * np.where(events >= 0, chance, 0.0)
        last = np.maximum(n, 1.0)
        left = (
            np.exp(log_beta_ratio(self.a, self.c, last - 1)) * self.a / (self.a + self.c + last - 1)
        )
        chance_left = np.where(n > 0, left * self._at_least(last, z), 0.0)
        chance_n: Floats = np.exp(log_beta_ratio(self.a, self.c, n)) * stayed + chance_left
        return chance_n

    def order_by(self, t: Floats) -> Floats:
        return self._at_least(1.0, t / self.alpha)

    def order_ever(self) -> Floats:
        return np.ones(np.broadcast_shapes(self.s.shape, self.alpha.shape))

    def _at_least(self, n: Floats | float, z: Floats) -> Floats:
        """The chance of events enough for n purchases, whether or not they stay for them."""
        total: Floats = np.zeros(())
        for j, share in enumerate(self.weights):
            total = total + share * betainc(n * self.k - j, self.s + j, z / (1 + z))
        return total


@dataclass(frozen=True, eq=False)
class Fitted(Estimate, Forecasts):
    """The model at known parameters; `alpha` is in the summary's unit of time (per event)."""

    names: ClassVar[tuple[str, ...]] = NAMES
    _one_by_one: ClassVar[bool] = True
    k: int
    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", _whole(self.k))
        super().__post_init__()

    @property
    def params(self) -> Mapping[str, float]:
        """The parameters under the paper's letters, k among them."""
        return {"k": self.k, **super().params}

    def simulate(self, T: ArrayLike, rng: np.random.Generator) -> Summary:
        """New customers of this model, one per T, as their summary at T."""
        parameters = (self.r, self.alpha, self.a, self.b)
        return simulated(T, rng, parameters, k=self.k, at_once=True)

    def _log_odds_gone(self, summary: Summary) -> Floats:
        rows = Pasts(summary, k=self.k, at_once=True)
        return rows.log_odds_gone(self.r, self.alpha, self.a, self.b)

    def _if_here(self, past: Past) -> Regular:
        s, end = self.r + self.k * past.x, self.alpha + past.T
        weights = drop_out.phases(s, (past.T - past.t_x) / end, self.k)
        total = sum(weights)
        shares = tuple(weight / total for weight in weights)
        return Regular(shares, s, end, self.a, self.b + past.x + 1)


def given(*, k: int, r: float, alpha: float, a: float, b: float) -> Fitted:
    """The model at parameters known from elsewhere, such as a paper."""
    return Fitted(k, r, alpha, a, b)


def fit(summary: Summary, k: int | None = None) -> Fitted:
    """Maximise the likelihood over log parameters, and over k where it is not given.

    k is raised from 1 while the likelihood rises. Times between purchases are not in a summary, so
    that it is judged by when the last of x purchases came: `wheat_morrison` looks at the times.
    """
    rows = summary.compressed()
    require_repeats(rows)
    if k is not None:
        return _fit(rows, _whole(k))
    best, failed = None, None
    for more in range(1, MOST + 1):
        try:
            found = _fit(rows, more)
        except DidNotConverge as error:  # of one k; its neighbours may have a maximum
            failed = error
            continue
        if best is not None and _height(found) <= _height(best):
            break
        best = found
    if best is None:
        raise failed or AssertionError
    if best.evidence is not None:
        best = replace(best, evidence=replace(best.evidence, free=len(NAMES) + 1))
    return best


def of_k(k: int) -> ModuleType:
    """The model with this k alone, for what asks for a model (``posterior``)."""
    model = ModuleType(__name__)
    model.NAMES = NAMES  # type: ignore[attr-defined]  # a model is a module here
    model.fit = partial(fit, k=k)  # type: ignore[attr-defined]  # as above
    model.given = partial(given, k=k)  # type: ignore[attr-defined]  # as above
    model.objective_on = partial(objective_on, k=k)  # type: ignore[attr-defined]  # as above
    return model


def log_likelihood(params: Mapping[str, float], summary: Summary) -> Floats:
    """Of each row's past, in logarithms, comparable between different k."""
    rows = Pasts(summary, k=int(params["k"]), at_once=True)
    return rows.log_likelihood(*(params[name] for name in NAMES))


def wheat_morrison(
    gap: ArrayLike, gap_before: ArrayLike, weights: ArrayLike | None = None
) -> float:
    """How regular purchases are, from each customer's last two times between purchases.

    1 is by chance, 2 and more is regular, below 1 in clumps. Wheat & Morrison (1990), Estimating
    Purchase Regularity with Two Interpurchase Times, Journal of Marketing Research 27(1): the
    share gap / (gap + gap before) is Beta(k, k), whose variance gives k.
    """
    one, other = column("gap", gap), column("gap_before", gap_before)
    heads = column("weights", np.ones(one.size) if weights is None else weights)
    same_length(gap=one, gap_before=other, weights=heads)
    refuse_rows((one < 0) | (other < 0) | (one + other <= 0), "no time between purchases", one)
    if one.size < 2:
        raise BadInput(f"{one.size} customers with three purchases, at least two are needed")
    share = one / (one + other)
    spread = float(np.average((share - np.average(share, weights=heads)) ** 2, weights=heads))
    return float("inf") if spread == 0 else (1 - 4 * spread) / (8 * spread)


def objective_on(summary: Summary, k: int = 2) -> Objective:
    """The mean log-likelihood of a customer and its gradient, in log parameters."""
    return drop_out.objective_on(summary, k=k, at_once=True)


def _whole(k: float) -> int:
    found = number("k", k)
    if not (found >= 1 and np.isfinite(found) and found == int(found)):
        raise BadInput(f"k = {k}, a whole number from 1 is needed")
    return int(found)


def _fit(rows: Summary, k: int) -> Fitted:
    objective = partial(objective_on, k=k)
    values, evidence = best_on(rows, objective, starts_on(rows, k=k), names=NAMES)
    return Fitted(k, *values, evidence=evidence)


def _height(fitted: Fitted) -> float:
    return -np.inf if fitted.log_likelihood is None else fitted.log_likelihood
