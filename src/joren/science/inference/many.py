"""Many actions at once: which stand out by more than chance, and what each is likely worth.

Benjamini & Hochberg (1995), Controlling the False Discovery Rate, JRSS B 57; DerSimonian & Laird
(1986), Meta-analysis in Clinical Trials, Controlled Clinical Trials 7; Viechtbauer (2005), Bias and
Efficiency of Meta-analytic Variance Estimators, JEBS 30 (REML); Hartung & Knapp (2001), Statistics
in Medicine 20; Higgins, Thompson & Spiegelhalter (2009), JRSS A 172 (prediction of a new one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, inf, isnan, nan, sqrt

import numpy as np
from numpy.typing import ArrayLike

from joren.core.errors import BadInput
from joren.science.arrays import Floats, column, refuse_rows, same_length
from joren.science.inference.effects import critical
from joren.science.inference.intervals import refuse_level

POINTS = 120
FURTHEST = 4.0
"""Spreads are looked at up to so many times that of the estimates and their mean error."""


class Between(StrEnum):
    """How the variance between actions is estimated."""

    REML = "reml"
    DERSIMONIAN_LAIRD = "dersimonian_laird"


@dataclass(frozen=True, eq=False)
class Pooled:
    """Actions' effects as draws from one distribution, in the unit of the effects.

    `mean` ± is the mean of all such actions, `prediction` where a new one's true effect will lie
    (infinite below three actions). `between` is the best guess of how much actions differ, `spread`
    what has to be reckoned with, as a few actions hardly tell. Each action's own: `shrunk`, drawn
    to the mean by `weight` (1: stands for itself, 0: is the mean), with limits.
    """

    mean: float
    error: float
    low: float
    high: float
    between: float
    spread: float
    prediction: tuple[float, float]
    weight: Floats
    shrunk: Floats
    shrunk_low: Floats
    shrunk_high: Floats
    level: float


def false_discovery(p: ArrayLike) -> Floats:
    """Adjusted p (q) of Benjamini & Hochberg: those below .1 hold 10 % false ones on average.

    For independent or positively dependent tests. Of all tests that were made: leaving out those
    that did not please undoes it. What is too small to read has no p, and was no test yet.
    """
    values = column("p", p)
    refuse_rows(~((values >= 0) & (values <= 1)), "p is not between 0 and 1", values)
    order = np.argsort(-values, kind="stable")
    ranks = values.size - np.arange(values.size)
    adjusted = np.empty(values.size)
    adjusted[order] = np.minimum(np.minimum.accumulate(values[order] * values.size / ranks), 1.0)
    return adjusted


def discovered(p: Sequence[float | None], beside: Sequence[float] = ()) -> list[float | None]:
    """q of each, among these and what was read ``beside`` them in other lists; None without p."""
    read = [one for one in p if one is not None and not isnan(one)]
    q = iter(false_discovery([*read, *beside]).tolist() if read else ())
    return [None if one is None or isnan(one) else next(q) for one in p]


def pooled(
    effects: ArrayLike,
    errors: ArrayLike,
    *,
    level: float = 0.95,
    between: Between = Between.REML,
) -> Pooled:
    """Random effects over two actions or more, with t-based limits (Hartung–Knapp, never narrower).

    Each effect with its standard error; the actions' own are averaged over what their spread may be
    (Bayes with a flat prior on τ). Of the best of many the plain estimate is too high, as it
    was picked for it; the shrunken one is not, as long as the actions are of one kind.
    """
    refuse_level(level)
    y, v = _checked(effects, errors)
    estimate = reml if between is Between.REML else dersimonian_laird
    tau2 = estimate(y, np.sqrt(v))
    weights = 1 / (v + tau2)
    mean = float(weights @ y / weights.sum())
    k = y.size
    stretched = max(1.0, float(weights @ (y - mean) ** 2) / (k - 1))
    error = sqrt(stretched / float(weights.sum()))
    reach = critical(level, k - 1)
    own = _over_spreads(y, v)
    ahead = inf
    if k > 2:
        ahead = critical(level, k - 2) * hypot(own.spread, error)
    half = reach * own.deviation
    return Pooled(
        mean,
        error,
        mean - reach * error,
        mean + reach * error,
        sqrt(tau2),
        own.spread,
        (mean - ahead, mean + ahead),
        own.weight,
        own.shrunk,
        own.shrunk - half,
        own.shrunk + half,
        level,
    )


@dataclass(frozen=True, eq=False)
class _Own:
    """Each action's own effect, over all spreads that the data leave possible."""

    spread: float
    weight: Floats
    shrunk: Floats
    deviation: Floats


def _over_spreads(y: Floats, v: Floats) -> _Own:
    """Effects given τ, averaged over τ by its restricted likelihood.

    A single best τ is 0 too often, and would then call all actions equal for certain.
    """
    tau = np.linspace(0, FURTHEST * (y.std(ddof=1) + np.sqrt(v).mean()), POINTS)[:, None]
    w = 1 / (v + tau**2)
    whole = w.sum(axis=1)
    mean = ((w @ y) / whole)[:, None]
    logs = (np.log(w).sum(axis=1) - np.log(whole) - (w * (y - mean) ** 2).sum(axis=1)) / 2
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    weight = tau**2 * w
    centre = mean + weight * (y - mean)
    variance = weight * v + (1 - weight) ** 2 / whole[:, None]
    shrunk = chance @ centre
    return _Own(
        sqrt(float(chance @ tau[:, 0] ** 2)),
        chance @ weight,
        shrunk,
        np.sqrt(chance @ (variance + (centre - shrunk) ** 2)),
    )


def dersimonian_laird(effects: ArrayLike, errors: ArrayLike) -> float:
    """τ² by moments: (Q - (k-1)) / (Σw - Σw²/Σw), at least 0."""
    y, v = _checked(effects, errors)
    w = 1 / v
    mean = w @ y / w.sum()
    over = float(w @ (y - mean) ** 2) - (y.size - 1)
    return max(over / float(w.sum() - w @ w / w.sum()), 0.0)


def reml(effects: ArrayLike, errors: ArrayLike) -> float:
    """τ² where the restricted likelihood is highest, at least 0."""
    from scipy.optimize import brentq  # late: it loads for long

    y, v = _checked(effects, errors)

    def score(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        return float((w * w) @ (y - mean) ** 2 - w.sum() + w @ w / w.sum())

    if score(0.0) <= 0:
        return 0.0
    high = float(np.var(y, ddof=1)) + float(v.max())
    while score(high) > 0:
        high *= 2
    return float(brentq(score, 0.0, high, xtol=1e-14 * high, rtol=1e-12))


def heterogeneity(effects: ArrayLike, errors: ArrayLike) -> float:
    """I²: the share of the variance of the estimates that is not chance; NaN where all agree."""
    y, v = _checked(effects, errors)
    w = 1 / v
    q = float(w @ (y - w @ y / w.sum()) ** 2)
    return max(1 - (y.size - 1) / q, 0.0) if q > 0 else nan


def _checked(effects: ArrayLike, errors: ArrayLike) -> tuple[Floats, Floats]:
    y, s = column("effects", effects), column("errors", errors)
    same_length(effects=y, errors=s)
    refuse_rows(~(s > 0), "a standard error is not above 0", s)
    if y.size < 2:
        raise BadInput(f"{y.size} actions", hint="two are needed to say how much actions differ")
    return y, s * s
